internal import Chat
internal import WebSocket

/// The fields of a request's query. Unknown ones are ignored.
struct APIQuery {
    /// The fields that some operation knows.
    enum Field: String, CaseIterable {
        case before, after, limit, format, rooms, history
    }

    private var values: [Field: String] = [:]

    /// Throws if a field is given twice, because readers might disagree on which one counts, or if
    /// its value isn't text.
    init(_ query: Range<Int>?, in bytes: Span<UInt8>) throws(Problem) {
        var places = QueryFields(query)
        while let place = places.next(in: bytes) {
            let equals = place.first { bytes[$0] == UInt8(ascii: "=") }
            let name = place.lowerBound..<(equals ?? place.upperBound)
            guard let key = PercentText.decoded(bytes, name, plusIsBlank: true),
                let field = Field.allCases.first(where: { key.elementsEqual($0.rawValue.utf8) })
            else { continue }
            let value = (equals.map { $0 + 1 } ?? place.upperBound)..<place.upperBound
            guard let decoded = PercentText.decoded(bytes, value, plusIsBlank: true),
                let text = String(validating: decoded, as: UTF8.self)
            else { throw Self.wrong(field, "text in UTF-8, percent-encoded") }
            guard values.updateValue(text, forKey: field) == nil else {
                throw Problem(
                    .unprocessableContent, Refusal.Code.invalidCommand.rawValue,
                    "The field \(field.rawValue) of the query is given twice: give it once.")
            }
        }
    }

    /// The value of a field. Nil if it isn't there.
    func text(_ field: Field) -> String? { values[field] }

    /// The value of a field, which must be a whole number in a range. Nil if it isn't there.
    func whole<Number: FixedWidthInteger>(
        _ field: Field, in range: ClosedRange<Number>
    ) throws(Problem) -> Number? {
        guard let text = values[field] else { return nil }
        let isDecimal = text.utf8.allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
        guard isDecimal, let value = Number(text), range.contains(value) else {
            throw Self.wrong(
                field, "a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    /// The place of a field's value among these. Nil if it isn't there.
    func choice(_ field: Field, of all: [String]) throws(Problem) -> Int? {
        guard let text = values[field] else { return nil }
        guard let place = all.firstIndex(where: { $0.utf8.elementsEqual(text.utf8) }) else {
            throw Self.wrong(field, "one of " + all.joined(separator: ", "))
        }
        return place
    }

    private static func wrong(_ field: Field, _ expected: String) -> Problem {
        Problem(
            .unprocessableContent, Refusal.Code.invalidCommand.rawValue,
            "The field \(field.rawValue) of the query must be \(expected).")
    }
}
