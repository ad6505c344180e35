/// The value of a field that must be an array of strings.
enum TextsField {
    case missing
    /// At most one more than are allowed. Nil is no string.
    case texts([String?])
    case other(JSONScanner.Kind)

    /// Takes the next value.
    init(
        _ scanner: inout JSONScanner, in text: Span<UInt8>, limit: Int
    ) throws(Refusal) {
        let kind = try scanner.kind(in: text)
        guard kind == .array else {
            try scanner.skipValue(in: text)
            self = .other(kind)
            return
        }
        var texts: [String?] = []
        var hasMore = try scanner.firstElement(in: text)
        while hasMore {
            let isKept = texts.count <= limit
            if try scanner.kind(in: text) == .string, isKept {
                texts.append(try scanner.string(in: text).string(in: text))
            } else {
                try scanner.skipValue(in: text)
                if isKept { texts.append(nil) }
            }
            hasMore = try scanner.nextElement(in: text)
        }
        self = .texts(texts)
    }

    /// The texts. Nil if the field is missing.
    func texts(named name: String, limit: Int) throws(Refusal) -> [String]? {
        let form = "an array of 1 to \(limit) strings"
        switch self {
        case .missing: return nil
        case .other(let kind): throw .wrongType(of: name, kind, expected: form)
        case .texts(let texts):
            let whole = texts.compactMap(\.self)
            guard whole.count == texts.count, 1...limit ~= whole.count else {
                throw Refusal(.invalidCommand, "The field \"\(name)\" must be \(form).")
            }
            return whole
        }
    }
}
