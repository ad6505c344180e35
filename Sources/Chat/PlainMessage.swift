/// What a client of the plain dialect sends: `{"username":"ann","message":"hi"}`.
public struct PlainMessage: Equatable, Sendable {
    public let username: String
    public let message: String

    /// Reads one text frame. Only the form is checked here; what the two texts may be,
    /// `ChatText` knows.
    ///
    /// Unknown fields are ignored. Where a field is there twice the last one counts, which RFC
    /// 8259 section 4 leaves open and most implementations do. JSON that is broken anywhere is
    /// `invalid_json`, whatever else is wrong; a missing field or another type than a string is
    /// `invalid_command`.
    public static func parse(_ text: Span<UInt8>) throws(Refusal) -> PlainMessage {
        var scanner = JSONScanner()
        let kind = try scanner.kind(in: text)
        guard kind == .object else {
            try scanner.skipValue(in: text)
            try scanner.finish(in: text)
            throw .notAnObject(kind)
        }
        var username = Field.missing
        var message = Field.missing
        var nextKey = try scanner.firstKey(in: text)
        while let key = nextKey {
            if key.equals("username", in: text) {
                username = try Field(&scanner, in: text)
            } else if key.equals("message", in: text) {
                message = try Field(&scanner, in: text)
            } else {
                try scanner.skipValue(in: text)
            }
            nextKey = try scanner.nextKey(in: text)
        }
        try scanner.finish(in: text)
        return PlainMessage(
            username: try username.string(named: "username", in: text),
            message: try message.string(named: "message", in: text))
    }

    /// What the input has for a field that must be a string.
    private enum Field {
        case missing
        case text(JSONScanner.Text)
        case wrongType(JSONScanner.Kind)

        init(_ scanner: inout JSONScanner, in bytes: Span<UInt8>) throws(Refusal) {
            let kind = try scanner.kind(in: bytes)
            if kind == .string {
                self = .text(try scanner.string(in: bytes))
            } else {
                try scanner.skipValue(in: bytes)
                self = .wrongType(kind)
            }
        }

        func string(named name: String, in bytes: Span<UInt8>) throws(Refusal) -> String {
            switch self {
            case .missing: throw .missingField(name)
            case .wrongType(let kind): throw .wrongType(of: name, kind)
            case .text(let text): return try text.string(in: bytes)
            }
        }
    }
}
