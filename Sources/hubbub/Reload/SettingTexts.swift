/// The texts of all settings, to see which of them have changed.
struct SettingTexts: Equatable, Sendable {
    private struct Entry: Equatable {
        let flag: String
        let texts: [String]
        let isFixed: Bool
    }

    private let entries: [Entry]

    /// Call it in the scope of the file that was read.
    init(_ serve: Serve) {
        var entries = SettingSection.all(of: serve).flatMap(\.options).map { option in
            let setting = option.givens[0].anySetting
            return Entry(
                flag: setting.flag,
                texts: option.givens.map { given in
                    // A default that is written down changes nothing.
                    given.source == .nobody
                        ? setting.defaultText ?? setting.fallbackText : given.text
                }, isFixed: setting.isFixed)
        }
        let certificates = Schema.certificates.key
        let maps = ConfigurationScope.current.file.maps(of: certificates)
        entries.append(
            Entry(
                flag: certificates,
                texts: maps.flatMap { map in
                    ["certificate", "key"].map { map.values.texts(of: $0).first?.text ?? "" }
                }, isFixed: false))
        entries.append(
            Entry(flag: TokenKeyMap.schema.key, texts: TokenKeyMap.texts(), isFixed: false))
        entries.append(
            Entry(flag: WebhookMap.schema.key, texts: WebhookMap.texts(), isFixed: false))
        self.entries = entries
    }

    /// The settings that are different in `other`: those that can't change while the server runs,
    /// or the others.
    func changed(in other: SettingTexts, areFixed: Bool) -> [String] {
        zip(entries, other.entries).filter { $0 != $1 && $0.isFixed == areFixed }.map(\.0.flag)
    }
}
