import Simulation
import Testing
import WebSocket

@Suite struct MetricsTests {
    /// The families and samples of a metrics page.
    private func families(_ page: String) -> [String: [String]] {
        var families: [String: [String]] = [:]
        var current = ""
        for line in page.split(separator: "\n") {
            let words = line.split(separator: " ")
            if words[0] == "#" {
                if words[1] == "TYPE" { current = String(words[2]) }
                families[String(words[2]), default: []].append("# \(words[1])")
            } else {
                families[current, default: []].append(String(line))
            }
        }
        return families
    }

    @Test func `events are counted, and each sample is described`() throws {
        try play { simulation in
            let (ann, bob) = (simulation.join(), simulation.join())
            ann.say("hi")
            bob.send(.text, "nonsense".utf8)
            simulation.settle()
            bob.close()
            simulation.settle()
            let page = simulation.ask("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n")
            let response = try #require(page.responses?.first)
            #expect(response.fields["content-type"]?.hasPrefix("text/plain; version=0.0.4") == true)
            let families = families(response.content)
            for (name, lines) in families {
                #expect(lines.filter { $0 == "# TYPE" }.count == 1)
                #expect(lines.first == "# HELP" || lines.first == "# TYPE")
                let samples = lines.filter { !$0.hasPrefix("#") }
                #expect(samples.allSatisfy { $0.hasPrefix(name) })
                #expect(
                    samples.allSatisfy {
                        $0.split(separator: " ").last.flatMap { Double($0) } != nil
                    })
            }
            func sample(_ text: String) -> Bool { families.values.joined().contains(text) }
            #expect(sample("hubbub_connections 2"))
            #expect(sample("hubbub_websockets 1"))
            #expect(sample("hubbub_connections_accepted_total 3"))
            #expect(sample("hubbub_handshakes_total{outcome=\"accepted\"} 2"))
            #expect(sample("hubbub_lines_received_total 2"))
            #expect(sample("hubbub_lines_delivered_total 2"))
            #expect(sample("hubbub_refusals_total{code=\"invalid_json\"} 1"))
            #expect(sample("hubbub_closes_total{code=\"1000\"} 1"))
            #expect(sample("hubbub_waiting_bytes 0"))
        }
    }
}
