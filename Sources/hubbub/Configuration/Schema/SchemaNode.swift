/// What a configuration file may say under one key.
///
/// All that a file may say is one table of these, ``Schema``. A new part of the file is one more
/// node: the reader finds its faults, the example shows it, and `hubbub config show` prints it.
struct SchemaNode: Sendable {
    enum Kind: Sendable {
        /// A single value.
        case text(Text)
        /// One value, or a list of them.
        case texts(Text)
        /// A list of maps with these keys.
        case maps([SchemaNode])
        /// A map from names to maps with these keys. The text is what a name may be.
        case named(Text, [SchemaNode])
    }

    /// What a single value may be.
    struct Text: Sendable {
        /// The accepted values, as the remedy for a wrong one.
        let accepted: String
        /// A value for the example, and whether it is the default.
        let example: String
        let isDefault: Bool
        /// What holds if there is none, for people.
        let fallback: String
        /// Whether nobody may see it.
        let isSecret: Bool
        /// Whether the text is accepted. A flag's text is checked where the flag's is.
        let accepts: @Sendable (String) -> Bool

        init(
            accepted: String, example: String, isDefault: Bool = false,
            fallback: String = "none", isSecret: Bool = false,
            accepts: @escaping @Sendable (String) -> Bool = { !$0.isEmpty }
        ) {
            self.accepted = accepted
            self.example = example
            self.isDefault = isDefault
            self.fallback = fallback
            self.isSecret = isSecret
            self.accepts = accepts
        }
    }

    let key: String
    /// A sentence about it, without a full stop.
    let what: String
    let kind: Kind
    /// Whether it must be there if its map is.
    var isRequired = false
    /// Whether it can't change while the server runs.
    var isFixed = false
    /// Whether it is in the example. Not if something else there says the same.
    var isShown = true

    /// Whether nobody may see its values.
    var isSecret: Bool {
        switch kind {
        case .text(let text), .texts(let text): text.isSecret
        case .maps, .named: false
        }
    }

    /// What is expected, for messages.
    var accepted: String {
        switch kind {
        case .text(let text), .texts(let text): text.accepted
        case .maps(let keys): "a list of maps with \(Self.list(keys))"
        case .named(_, let keys): "a map from names to maps with \(Self.list(keys))"
        }
    }

    private static func list(_ keys: [SchemaNode]) -> String {
        keys.map(\.key).joined(separator: ", ")
    }
}

extension SchemaNode {
    /// The key of a flag.
    init(_ option: any SettingOption) {
        let setting = option.givens[0].anySetting
        let text = Text(
            accepted: setting.accepted,
            example: setting.example ?? setting.defaultText ?? setting.fallbackText,
            isDefault: setting.example == nil, fallback: setting.fallbackText,
            isSecret: setting.mask != nil, accepts: { _ in true })
        key = setting.flag
        what = setting.what
        kind = option.isList ? .texts(text) : .text(text)
        isFixed = setting.isFixed
    }
}
