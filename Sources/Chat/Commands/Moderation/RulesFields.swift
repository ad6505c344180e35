/// The rules of a room among the fields of an object.
struct RulesFields {
    private(set) var patch = RoomRules.Patch()

    init() {}

    /// Takes an object of rules. Other fields are ignored.
    init(
        object name: String, _ scanner: inout JSONScanner, in text: Span<UInt8>
    ) throws(Refusal) {
        let kind = try scanner.kind(in: text)
        guard kind == .object else {
            try scanner.skipValue(in: text)
            throw .wrongType(of: name, kind, expected: "an object with settings")
        }
        var nextKey = try scanner.firstKey(in: text)
        while let key = nextKey {
            if try !take(key, &scanner, in: text) { try scanner.skipValue(in: text) }
            nextKey = try scanner.nextKey(in: text)
        }
    }

    /// Takes the value of a rule. Returns false, and takes nothing, if the key names none.
    mutating func take(
        _ key: JSONScanner.Text, _ scanner: inout JSONScanner, in text: Span<UInt8>
    ) throws(Refusal) -> Bool {
        if key.equals("slow_seconds", in: text) {
            patch.slowSeconds = try JSONField(&scanner, in: text).whole(
                named: "slow_seconds", in: 0...RoomRules.slowLimit)
        } else if key.equals("members_only", in: text) {
            patch.membersOnly = try Self.truth("members_only", &scanner, in: text)
        } else if key.equals("known_minutes", in: text) {
            patch.knownMinutes = try JSONField(&scanner, in: text).whole(
                named: "known_minutes", in: 0...RoomRules.knownLimit)
        } else if key.equals("unique", in: text) {
            patch.unique = try Self.truth("unique", &scanner, in: text)
        } else if key.equals("links", in: text) {
            patch.links = try Self.truth("links", &scanner, in: text)
        } else if key.equals("frozen", in: text) {
            patch.frozen = try Self.truth("frozen", &scanner, in: text)
        } else if key.equals("hold_seconds", in: text) {
            patch.holdSeconds = try JSONField(&scanner, in: text).whole(
                named: "hold_seconds", in: 0...RoomRules.holdLimit)
        } else {
            return false
        }
        return true
    }

    /// The next value, which must be true or false.
    static func truth(
        _ name: String, _ scanner: inout JSONScanner, in text: Span<UInt8>
    ) throws(Refusal) -> Bool {
        let kind = try scanner.kind(in: text)
        guard kind == .literal else {
            try scanner.skipValue(in: text)
            throw .wrongType(of: name, kind, expected: "true or false")
        }
        guard let truth = try scanner.boolean(in: text) else {
            throw .wrongType(of: name, kind, expected: "true or false")
        }
        return truth
    }
}
