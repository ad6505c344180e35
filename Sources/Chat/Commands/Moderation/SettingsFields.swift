/// The settings in a command, or in a stored text. They are the fields of an object, among others.
struct SettingsFields {
    private var rules = RulesFields()
    private var pinned: UInt64??
    private var prepared: RulesFields?
    private var earlier: RulesFields?

    /// Scans a whole text.
    init(_ text: Span<UInt8>) throws(Refusal) {
        var scanner = JSONScanner()
        var nextKey = try scanner.firstKeyOfText(in: text)
        while let key = nextKey {
            if key.equals("pinned", in: text) {
                pinned = .some(try Self.pin(&scanner, in: text))
            } else if key.equals("panic", in: text) {
                prepared = try RulesFields(object: "panic", &scanner, in: text)
            } else if key.equals("before", in: text) {
                // A command's `before` means nothing here.
                let isObject = try scanner.kind(in: text) == .object
                earlier = isObject ? try RulesFields(object: "before", &scanner, in: text) : nil
                if !isObject { try scanner.skipValue(in: text) }
            } else if try !rules.take(key, &scanner, in: text) {
                try scanner.skipValue(in: text)
            }
            nextKey = try scanner.nextKey(in: text)
        }
        try scanner.finish(in: text)
    }

    /// The settings to change.
    func patch() throws(Refusal) -> RoomSettings.Patch {
        var patch = RoomSettings.Patch()
        patch.rules = rules.patch
        patch.pinned = pinned
        patch.prepared = prepared?.patch
        return patch
    }

    /// The rules before `panic`, in a stored text.
    var before: RoomRules.Patch? { earlier?.patch }

    /// The number of a line, or null.
    private static func pin(
        _ scanner: inout JSONScanner, in text: Span<UInt8>
    ) throws(Refusal) -> UInt64? {
        let kind = try scanner.kind(in: text)
        if kind == .literal, try scanner.boolean(in: text) == nil { return nil }
        guard kind == .number, let seq = try scanner.number(in: text) else {
            throw .wrongNumber("pinned", expected: "the number of a line, or null")
        }
        return seq
    }
}
