/// The value of one field of a JSON object.
enum JSONField {
    case missing
    case string(JSONScanner.Text)
    /// Nil unless it is a whole number by the rules of ``JSONScanner/number(in:)``.
    case number(UInt64?)
    case other(JSONScanner.Kind)

    /// Takes the next value.
    init(_ scanner: inout JSONScanner, in bytes: Span<UInt8>) throws(Refusal) {
        let kind = try scanner.kind(in: bytes)
        switch kind {
        case .string:
            self = .string(try scanner.string(in: bytes))
        case .number:
            self = .number(try scanner.number(in: bytes))
        case .object, .array, .literal:
            try scanner.skipValue(in: bytes)
            self = .other(kind)
        }
    }

    /// The field, or nil if it is missing.
    var present: JSONField? {
        if case .missing = self { nil } else { self }
    }

    /// The value, which must be a string. `expected` describes it to the client.
    func string(
        named name: StaticString, as expected: @autoclosure () -> String = "a string",
        in bytes: Span<UInt8>
    ) throws(Refusal) -> String {
        try text(named: name, as: expected()).string(in: bytes)
    }

    /// The location of the value, which must be a string. `expected` describes it to the client.
    func text(
        named name: StaticString, as expected: @autoclosure () -> String = "a string"
    ) throws(Refusal) -> JSONScanner.Text {
        guard case .string(let text) = self else { throw mismatch(name, expected()) }
        return text
    }

    /// The value, which must be a whole number from 0 to 2^64 - 1.
    func whole(named name: StaticString) throws(Refusal) -> UInt64 {
        try whole(named: name, in: UInt64.min...UInt64.max)
    }

    /// The value, which must be a whole number in `range`.
    func whole<Number: FixedWidthInteger>(
        named name: StaticString, in range: ClosedRange<Number>
    ) throws(Refusal) -> Number {
        guard case .number(let value) = self else {
            throw mismatch(name, Self.wording(of: range))
        }
        guard let value, let number = Number(exactly: value), range.contains(number) else {
            throw .wrongNumber("\(name)", expected: Self.wording(of: range))
        }
        return number
    }

    private static func wording<Number>(of range: ClosedRange<Number>) -> String {
        "a whole number from \(range.lowerBound) to \(range.upperBound)"
    }

    private func mismatch(_ field: StaticString, _ expected: String) -> Refusal {
        let name = "\(field)"
        return switch self {
        case .missing: .missingField(name)
        case .string: .wrongType(of: name, .string, expected: expected)
        case .number: .wrongType(of: name, .number, expected: expected)
        case .other(let kind): .wrongType(of: name, kind, expected: expected)
        }
    }
}
