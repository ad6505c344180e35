/// The value of a field that must be an array of values of one kind.
enum ListField<Element> {
    case missing
    /// At most one more than are allowed. Nil is none of the values that are wanted.
    case elements([Element?])
    case other(JSONScanner.Kind)

    /// Takes the next value. `read` takes an element of the wanted kind; nil if it still is none of
    /// the values that are wanted.
    init(
        of wanted: JSONScanner.Kind, _ scanner: inout JSONScanner, in text: Span<UInt8>,
        limit: Int,
        read: (inout JSONScanner, Span<UInt8>) throws(Refusal) -> Element?
    ) throws(Refusal) {
        let kind = try scanner.kind(in: text)
        guard kind == .array else {
            try scanner.skipValue(in: text)
            self = .other(kind)
            return
        }
        var elements: [Element?] = []
        var hasMore = try scanner.firstElement(in: text)
        while hasMore {
            let isKept = elements.count <= limit
            if try scanner.kind(in: text) == wanted, isKept {
                elements.append(try read(&scanner, text))
            } else {
                try scanner.skipValue(in: text)
                if isKept { elements.append(nil) }
            }
            hasMore = try scanner.nextElement(in: text)
        }
        self = .elements(elements)
    }

    /// The elements, which are `what` in the reason of a refusal. Nil if the field is missing.
    func elements(
        named name: String, limit: Int, of what: String
    ) throws(Refusal) -> [Element]? {
        let form = "an array of 1 to \(limit) \(what)"
        switch self {
        case .missing: return nil
        case .other(let kind): throw .wrongType(of: name, kind, expected: form)
        case .elements(let elements):
            let whole = elements.compactMap(\.self)
            guard whole.count == elements.count, 1...limit ~= whole.count else {
                throw Refusal(.invalidCommand, "The field \"\(name)\" must be \(form).")
            }
            return whole
        }
    }
}
