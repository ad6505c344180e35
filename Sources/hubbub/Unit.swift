/// What a limit is counted in, and how people write it. Values are whole numbers: bytes,
/// milliseconds or pieces.
enum Unit: Equatable, Sendable {
    case bytes
    /// Written in seconds, kept in milliseconds.
    case seconds
    /// Pieces, with their name: `lines/s`.
    case count(String)

    private static let byteSuffixes = [
        ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("B", 1),
    ]

    /// The number that `text` stands for; nil if it isn't one, or doesn't fit.
    func parse(_ text: String) -> Int? {
        switch self {
        case .count: return Self.digits(text[...])
        case .bytes:
            let (suffix, factor) =
                Self.byteSuffixes.first { text.hasSuffix($0.0) } ?? ("", 1)
            guard let number = Self.digits(Self.number(text, before: suffix)) else { return nil }
            let (bytes, overflow) = number.multipliedReportingOverflow(by: factor)
            return overflow ? nil : bytes
        case .seconds:
            let parts = Self.number(text, before: text.hasSuffix("s") ? "s" : "")
                .split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
            guard let seconds = Self.digits(parts[0]), seconds <= Int.max / 1_000 - 1 else {
                return nil
            }
            guard parts.count == 2 else { return seconds * 1_000 }
            guard parts[1].count <= 3, let fraction = Self.digits(parts[1]) else { return nil }
            return seconds * 1_000 + [100, 10, 1][parts[1].count - 1] * fraction
        }
    }

    /// A value as people write it, with its unit: `64KiB`, `0.5s`, `5 lines/s`.
    func text(_ value: Int) -> String {
        switch self {
        case .count(let name): return "\(value) \(name)"
        case .bytes:
            let (suffix, factor) =
                Self.byteSuffixes.filter { value >= $0.1 && value % $0.1 == 0 }
                .max { $0.1 < $1.1 } ?? ("B", 1)
            return "\(value / factor)\(suffix)"
        case .seconds:
            let (seconds, milliseconds) = value.quotientAndRemainder(dividingBy: 1_000)
            guard milliseconds > 0 else { return "\(seconds)s" }
            var fraction = String(String(milliseconds + 1_000).dropFirst())
            while fraction.hasSuffix("0") { fraction.removeLast() }
            return "\(seconds).\(fraction)s"
        }
    }

    /// The values from one to another: `1B to 4MiB`, `0.1s to 30s`, `1 to 16 rooms`.
    func text(_ range: ClosedRange<Int>) -> String {
        switch self {
        case .bytes, .seconds: "\(text(range.lowerBound)) to \(text(range.upperBound))"
        case .count: "\(range.lowerBound) to \(text(range.upperBound))"
        }
    }

    /// What stands for a value in the usage.
    var placeholder: String {
        switch self {
        case .bytes: "bytes"
        case .seconds: "seconds"
        case .count: "count"
        }
    }

    private static func number(_ text: String, before suffix: String) -> Substring {
        var number = text.dropLast(suffix.count)
        while number.last == " " { number.removeLast() }
        return number
    }

    private static func digits(_ text: Substring) -> Int? {
        text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            ? Int(text) : nil
    }
}
