internal import Chat

/// The fields of a JSON object, each of which is there once. Values that nobody asks for are only
/// checked for their form.
struct ClaimFields {
    private var values: [String: ClaimValue] = [:]

    /// Throws `broken` if the text isn't one JSON object, or nests too deeply, and `doubled` if a
    /// key is there twice: readers differ in which one counts (RFC 8725 section 2.4).
    init(
        _ json: Span<UInt8>, broken: TokenRefusal, doubled: TokenRefusal
    ) throws(TokenRefusal) {
        var isDoubled = false
        do throws(Refusal) {
            var scanner = JSONScanner()
            var next = try scanner.firstKeyOfText(in: json)
            while let key = next {
                let name = try key.string(in: json)
                let value = try Self.value(&scanner, in: json, isDoubled: &isDoubled)
                if values.updateValue(value, forKey: name) != nil { isDoubled = true }
                next = try scanner.nextKey(in: json)
            }
            try scanner.finish(in: json)
        } catch {
            throw broken
        }
        if isDoubled { throw doubled }
    }

    /// Takes a field. Nil if it isn't there.
    mutating func take(_ name: String) -> ClaimValue? { values.removeValue(forKey: name) }

    private static func value(
        _ scanner: inout JSONScanner, in json: Span<UInt8>, isDoubled: inout Bool
    ) throws(Refusal) -> ClaimValue {
        switch try scanner.kind(in: json) {
        case .string: return .text(try scanner.string(in: json).string(in: json))
        case .number:
            let place = try scanner.place(ofNumberIn: json)
            return .number(String(decoding: place.map { json[$0] }, as: UTF8.self))
        case .object: return try object(&scanner, in: json, isDoubled: &isDoubled)
        case .array, .literal:
            try scanner.skipValue(in: json)
            return .other
        }
    }

    private static func object(
        _ scanner: inout JSONScanner, in json: Span<UInt8>, isDoubled: inout Bool
    ) throws(Refusal) -> ClaimValue {
        var texts: [String: String] = [:]
        var hasOthers = false
        var next = try scanner.firstKey(in: json)
        while let key = next {
            let name = try key.string(in: json)
            if try scanner.kind(in: json) == .string {
                let text = try scanner.string(in: json).string(in: json)
                if texts.updateValue(text, forKey: name) != nil { isDoubled = true }
            } else {
                try scanner.skipValue(in: json)
                hasOthers = true
            }
            next = try scanner.nextKey(in: json)
        }
        return hasOthers ? .other : .object(texts)
    }
}
