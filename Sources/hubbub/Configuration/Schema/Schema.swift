internal import ArgumentParser

/// The one table of all that a configuration file may say.
enum Schema {
    struct Section: Sendable {
        let title: String
        let nodes: [SchemaNode]
    }

    /// All flags of `hubbub serve`, and what is too long for flags.
    static let sections: [Section] = flags

    static let nodes: [SchemaNode] = sections.flatMap(\.nodes)

    /// The flag that names the file. A file can't name another one.
    static let fileKey = "config"

    /// The keys of the flags. Their declarations are the only list of them.
    private static var flags: [Section] {
        var scope = ConfigurationScope()
        scope.readsEnvironment = false
        let defaults = ConfigurationScope.$current.withValue(scope) { try? Serve.parse([]) }
        guard let defaults else { preconditionFailure("the defaults can't be parsed") }
        return SettingSection.all(of: defaults).map { section in
            Section(
                title: section.title,
                nodes: section.options.map { SchemaNode($0) }.filter { $0.key != fileKey })
        }
    }
}
