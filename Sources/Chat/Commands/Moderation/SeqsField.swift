/// The value of a command's `seqs`: an array of numbers of lines.
enum SeqsField {
    case missing
    /// At most one more than are allowed. Nil is not a whole number.
    case numbers([UInt64?])
    case other(JSONScanner.Kind)

    /// Takes the next value.
    init(_ scanner: inout JSONScanner, in text: Span<UInt8>) throws(Refusal) {
        let kind = try scanner.kind(in: text)
        guard kind == .array else {
            try scanner.skipValue(in: text)
            self = .other(kind)
            return
        }
        var numbers: [UInt64?] = []
        var hasMore = try scanner.firstElement(in: text)
        while hasMore {
            let isKept = numbers.count <= Moderation.lineLimit
            if try scanner.kind(in: text) == .number, isKept {
                numbers.append(try scanner.number(in: text))
            } else {
                try scanner.skipValue(in: text)
                if isKept { numbers.append(nil) }
            }
            hasMore = try scanner.nextElement(in: text)
        }
        self = .numbers(numbers)
    }

    /// The numbers. Nil if the field is missing.
    func numbers() throws(Refusal) -> [UInt64]? {
        switch self {
        case .missing: return nil
        case .other(let kind): throw .wrongType(of: "seqs", kind, expected: Self.form)
        case .numbers(let numbers):
            let whole = numbers.compactMap(\.self)
            guard whole.count == numbers.count, 1...Moderation.lineLimit ~= whole.count else {
                throw Refusal(.invalidCommand, "The field \"seqs\" must be \(Self.form).")
            }
            return whole
        }
    }

    private static let form = "an array of 1 to \(Moderation.lineLimit) whole numbers"
}
