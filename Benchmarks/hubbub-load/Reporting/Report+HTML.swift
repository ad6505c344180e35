extension Report {
    /// One self-contained page: the summary, the plots and the findings.
    var html: String {
        let title = "hubbub-load \(scenario.rawValue): \(settings.url)"
        let verdict = isClean ? "clean" : "violated"
        return """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <title>\(Chart.escaped(title))</title>
            <style>\(Self.style)</style></head><body>
            <h1>\(Chart.escaped(title))</h1>
            <p class="\(verdict)">\(started) · \(fixed(seconds, 1)) s · \(verdict)</p>
            <pre>\(Chart.escaped(text))</pre>
            \(charts.compactMap(\.figure).joined(separator: "\n"))
            </body></html>

            """
    }

    private static let style = """
        :root{color-scheme:light dark;--ink:#1c2733;--paper:#fff;--soft:#d9dfe6;--dim:#5a6877;\
        --good:#1a7f37;--bad:#b3261e;--a:#0b66c3;--b:#c2410c;--c:#6d28d9}\
        @media(prefers-color-scheme:dark){:root{--ink:#e4e9ef;--paper:#12171d;--soft:#2c3641;\
        --dim:#93a1b0;--good:#4ac26b;--bad:#ff7b72;--a:#58a6ff;--b:#ffa657;--c:#b392f0}}\
        body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);\
        max-width:46rem;margin:2rem auto;padding:0 1rem}h1{font-size:1.3rem}\
        pre{white-space:pre-wrap;font-size:13px}figure{margin:1.5rem 0}\
        figcaption{font-weight:600}svg{width:100%;height:auto}\
        text{font-size:11px;fill:var(--dim)}.x{text-anchor:middle}\
        .y{text-anchor:end;dominant-baseline:middle}.grid{stroke:var(--soft);fill:none}\
        .line{fill:none;stroke-width:1.8;stroke-linejoin:round}\
        .key{font-weight:400;margin-left:.6em}.key::before{content:"";display:inline-block;\
        width:.8em;height:.2em;margin-right:.3em;vertical-align:middle;background:currentColor}\
        .c0{stroke:var(--a)}.c1{stroke:var(--b)}.c2{stroke:var(--c)}\
        .key.c0{color:var(--a)}.key.c1{color:var(--b)}.key.c2{color:var(--c)}\
        .clean{color:var(--good)}.violated{color:var(--bad)}
        """

    private var charts: [Chart] {
        let seconds = "seconds"
        return [
            Chart(
                title: "Latency by percentile", xLabel: "percent", yLabel: "ms",
                xKind: .percentile, yKind: .logarithmic,
                curves: [
                    curve("lines", latency), curve("lines before", slow?.latencyBefore),
                    curve("handshakes", reconnects ?? opening.latency),
                ]),
            Chart(
                title: "Latency over time", xLabel: seconds, yLabel: "ms", yKind: .logarithmic,
                curves: [
                    curve("p50") { $0.p50 }, curve("p99") { $0.p99 }, curve("max") { $0.max },
                ]),
            Chart(
                title: "Deliveries", xLabel: seconds, yLabel: "a second",
                curves: lines == nil ? [] : [curve("deliveries") { $0.deliveries }]),
            Chart(
                title: "Lines sent", xLabel: seconds, yLabel: "a second",
                curves: lines == nil ? [] : [curve("lines") { $0.lines }]),
            Chart(
                title: "Connections", xLabel: seconds, yLabel: "open",
                curves: [curve("connections") { Double($0.connections) }]),
            Chart(
                title: "Handshakes", xLabel: seconds, yLabel: "a second",
                curves: [curve("handshakes") { $0.handshakes }]),
            Chart(
                title: "Server's processor", xLabel: seconds, yLabel: "processors",
                curves: [curve("processors") { $0.serverProcessors }]),
            Chart(
                title: "Server's memory", xLabel: seconds, yLabel: "bytes",
                curves: [curve("bytes") { $0.serverBytes.map(Double.init) }]),
        ]
    }

    private func curve(_ name: String, _ latency: Latency?) -> Chart.Curve {
        Chart.Curve(name: name, points: (latency?.curve ?? []).map { ($0[0], $0[1]) })
    }

    private func curve(_ name: String, _ value: (Series.Point) -> Double?) -> Chart.Curve {
        Chart.Curve(name: name, points: series.map { (Double($0.second), value($0)) })
    }
}
