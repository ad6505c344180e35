internal import Foundation

/// A plot of curves as SVG, for a page that colours it by class.
struct Chart {
    struct Curve {
        let name: String
        /// Missing values leave a gap.
        let points: [(x: Double, y: Double?)]
    }

    private static let width = 720.0
    private static let height = 260.0
    private static let left = 64.0
    private static let right = 12.0
    private static let top = 10.0
    private static let bottom = 34.0

    let title: String
    let xLabel: String
    let yLabel: String
    var xKind = Scale.Kind.linear
    var yKind = Scale.Kind.linear
    let curves: [Curve]

    /// A figure with caption, legend and plot. Nil if there is nothing to draw.
    var figure: String? {
        let drawn = curves.filter { curve in curve.points.contains { $0.y != nil } }
        guard !drawn.isEmpty else { return nil }
        let values = drawn.flatMap { $0.points.compactMap(\.y) }
            .filter { yKind != .logarithmic || $0 > 0 }
        let x = Scale(xKind, of: drawn.flatMap { $0.points.map(\.x) })
        let y = Scale(yKind, of: values)
        let legend = drawn.enumerated().map { index, curve in
            #"<span class="key c\#(index)">\#(Self.escaped(curve.name))</span>"#
        }
        let size = "\(fixed(Self.width, 0)) \(fixed(Self.height, 0))"
        let caption =
            "<figcaption>\(Self.escaped(title)) \(legend.joined(separator: " "))</figcaption>"
        let lines = drawn.enumerated().map { path($1, $0, x, y) }
        return """
            <figure>\(caption)
            <svg viewBox="0 0 \(size)" role="img" aria-label="\(Self.escaped(title))">
            \(grid(x, y))
            \(lines.joined(separator: "\n"))
            </svg></figure>
            """
    }

    private func across(_ share: Double) -> Double {
        Self.left + share * (Self.width - Self.left - Self.right)
    }

    private func up(_ share: Double) -> Double {
        Self.height - Self.bottom - share * (Self.height - Self.top - Self.bottom)
    }

    private func grid(_ x: Scale, _ y: Scale) -> String {
        var parts: [String] = []
        for tick in y.ticks {
            let place = fixed(up(y.place(tick)), 1)
            parts.append(
                #"<path class="grid" d="M\#(fixed(Self.left, 0)) \#(place)H"#
                    + #"\#(fixed(Self.width - Self.right, 0))"/>"#)
            parts.append(
                #"<text x="\#(fixed(Self.left - 6, 0))" y="\#(place)" class="y">"#
                    + "\(Self.label(tick))</text>")
        }
        for tick in x.ticks {
            let place = fixed(across(x.place(tick)), 1)
            parts.append(
                #"<text x="\#(place)" y="\#(fixed(Self.height - 18, 0))" class="x">"#
                    + "\(Self.label(tick))</text>")
        }
        parts.append(
            #"<text x="\#(fixed(across(0.5), 0))" y="\#(fixed(Self.height - 3, 0))" class="x">"#
                + "\(Self.escaped(xLabel))</text>")
        parts.append(
            #"<text transform="translate(11 \#(fixed(up(0.5), 0))) rotate(-90)" class="x">"#
                + "\(Self.escaped(yLabel))</text>")
        return parts.joined(separator: "\n")
    }

    private func path(_ curve: Curve, _ index: Int, _ x: Scale, _ y: Scale) -> String {
        var path = ""
        var isDrawing = false
        for point in curve.points {
            guard let value = point.y, yKind != .logarithmic || value > 0 else {
                isDrawing = false
                continue
            }
            path += isDrawing ? "L" : "M"
            path += "\(fixed(across(x.place(point.x)), 1)) \(fixed(up(y.place(value)), 1))"
            isDrawing = true
        }
        return #"<path class="line c\#(index)" d="\#(path)"/>"#
    }

    /// A short form of a number.
    static func label(_ value: Double) -> String {
        let (divisor, unit): (Double, String) =
            switch abs(value) {
            case 1e9...: (1e9, "G")
            case 1e6...: (1e6, "M")
            case 1e4...: (1e3, "k")
            default: (1, "")
            }
        let text = String(format: "%.6g", value / divisor)
        return text + unit
    }

    static func escaped(_ text: String) -> String {
        var escaped = ""
        for character in text {
            switch character {
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "&": escaped += "&amp;"
            case "\"": escaped += "&quot;"
            default: escaped.append(character)
            }
        }
        return escaped
    }
}
