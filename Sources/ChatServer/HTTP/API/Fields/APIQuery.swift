internal import Chat
internal import WebSocket

/// The fields of a request's query. Unknown ones are ignored.
struct APIQuery {
    private var fields: [String: String] = [:]

    /// Throws if a field is given twice, because readers might disagree on which one counts, or if
    /// its value isn't text.
    init(_ query: Range<Int>?, in bytes: Span<UInt8>) throws(Problem) {
        var places = QueryFields(query)
        while let place = places.next(in: bytes) {
            let equals = place.first { bytes[$0] == UInt8(ascii: "=") }
            let name = place.lowerBound..<(equals ?? place.upperBound)
            let value = (equals.map { $0 + 1 } ?? place.upperBound)..<place.upperBound
            guard
                let key = PercentText.decoded(bytes, name, plusIsBlank: true).map({
                    String(decoding: $0, as: UTF8.self)
                }), Self.known.contains(key)
            else { continue }
            guard let decoded = PercentText.decoded(bytes, value, plusIsBlank: true),
                let text = String(validating: decoded, as: UTF8.self)
            else { throw Self.wrong(key, "text in UTF-8, percent-encoded") }
            guard fields.updateValue(text, forKey: key) == nil else {
                throw Problem(
                    .unprocessableContent, Refusal.Code.invalidCommand.rawValue,
                    "The field \(key) of the query is given twice: give it once.")
            }
        }
    }

    /// The fields that some operation knows.
    private static let known: Set = ["before", "after", "limit", "format"]

    /// The value of a field. Nil if it isn't there.
    func text(_ name: String) -> String? { fields[name] }

    /// The value of a field, which must be a whole number in a range. Nil if it isn't there.
    func whole<Number: FixedWidthInteger>(
        _ name: String, in range: ClosedRange<Number>
    ) throws(Problem) -> Number? {
        guard let text = fields[name] else { return nil }
        let isDecimal = text.utf8.allSatisfy {
            UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0
        }
        guard isDecimal, let value = Number(text), range.contains(value) else {
            throw Self.wrong(
                name, "a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    /// Whether a field has the value. Throws if it has another one than these.
    func choice(_ name: String, _ wanted: String, of all: [String]) throws(Problem) -> Bool {
        guard let text = fields[name] else { return false }
        guard all.contains(text) else {
            throw Self.wrong(name, "one of " + all.joined(separator: ", "))
        }
        return text == wanted
    }

    static func wrong(_ name: String, _ expected: String) -> Problem {
        Problem(
            .unprocessableContent, Refusal.Code.invalidCommand.rawValue,
            "The field \(name) of the query must be \(expected).")
    }
}
