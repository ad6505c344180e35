/// The unit of a setting, and how people write it. Values are whole numbers: bytes, milliseconds or
/// counts.
enum Unit: Equatable, Sendable {
    case bytes
    /// Written in seconds, stored in milliseconds.
    case seconds
    /// A count, with the name of what is counted: `lines/s`.
    case count(String)

    private static let byteSuffixes = [
        ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("B", 1),
    ]
    /// Their spellings, in lowercase: as above, and as in the settings of other servers.
    private static let bytesOf = [
        "": 1, "b": 1, "k": 1 << 10, "kib": 1 << 10, "m": 1 << 20, "mib": 1 << 20, "g": 1 << 30,
        "gib": 1 << 30,
    ]
    private static let millisecondsOf = [
        "": 1_000, "ms": 1, "s": 1_000, "m": 60_000, "min": 60_000, "h": 3_600_000,
        "d": 86_400_000,
    ]

    /// The value of `text`. Nil if it isn't a number in this unit, or doesn't fit.
    func parse(_ text: String) -> Int? {
        let (number, suffix) = Self.parts(text)
        switch self {
        case .count(let name):
            guard suffix.isEmpty || suffix == name else { return nil }
            return Self.digits(number)
        case .bytes:
            guard let factor = Self.bytesOf[suffix.lowercased()] else { return nil }
            return Self.digits(number).flatMap { Self.product($0, factor) }
        case .seconds:
            guard let factor = Self.millisecondsOf[suffix] else { return nil }
            return Self.thousandths(number).flatMap { Self.product($0, factor) }.flatMap {
                // A fraction of a millisecond can't be stored.
                $0.isMultiple(of: 1_000) ? $0 / 1_000 : nil
            }
        }
    }

    /// What is wrong with a text that can't be parsed. Nil if the reason is unknown.
    func hint(_ text: String) -> String? {
        let (number, suffix) = Self.parts(text)
        switch self {
        case .bytes where ["kb", "mb", "gb"].contains(suffix.lowercased()):
            let letter = suffix.prefix(1).uppercased()
            return "\(suffix) may mean two things: write \(number)\(letter)iB"
        case .count where number.contains("."): return "it is a whole number"
        default: return nil
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

    /// A range of values: `1B to 4MiB`, `0.1s to 30s`, `1 to 16 rooms`.
    func text(_ range: ClosedRange<Int>) -> String {
        switch self {
        case .bytes, .seconds: "\(text(range.lowerBound)) to \(text(range.upperBound))"
        case .count: "\(range.lowerBound) to \(text(range.upperBound))"
        }
    }

    /// The placeholder of a value in the usage.
    var placeholder: String {
        switch self {
        case .bytes: "bytes"
        case .seconds: "seconds"
        case .count: "count"
        }
    }

    /// The digits at the start of the text, and the suffix without the spaces before it.
    private static func parts(_ text: String) -> (number: Substring, suffix: String) {
        let number = text.prefix { "0"..."9" ~= $0 || $0 == "." }
        return (number, String(text[number.endIndex...].drop { $0 == " " }))
    }

    private static func product(_ number: Int, _ factor: Int) -> Int? {
        let (product, overflow) = number.multipliedReportingOverflow(by: factor)
        return overflow ? nil : product
    }

    /// A number with at most three decimal places, in thousandths.
    private static func thousandths(_ text: Substring) -> Int? {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = digits(parts[0]).flatMap({ product($0, 1_000) }) else { return nil }
        guard parts.count == 2 else { return whole }
        guard parts[1].count <= 3, let fraction = digits(parts[1]) else { return nil }
        let (sum, overflow) = whole.addingReportingOverflow(
            [100, 10, 1][parts[1].count - 1] * fraction)
        return overflow ? nil : sum
    }

    private static func digits(_ text: Substring) -> Int? {
        !text.isEmpty
            && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            ? Int(text) : nil
    }
}
