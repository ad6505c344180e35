internal import ArgumentParser

/// The one table of all that a configuration file may say.
enum Schema {
    struct Section: Sendable {
        let title: String
        let nodes: [SchemaNode]
    }

    /// All flags of `hubbub serve`, and what is too long for flags.
    static let sections: [Section] = flags.map { section in
        if section.title == "Webhooks" {
            return Section(title: section.title, nodes: [WebhookMap.schema] + section.nodes)
        }
        if section.title == "Identity" {
            return Section(title: section.title, nodes: section.nodes + [TokenKeyMap.schema])
        }
        // There is a better way to say these.
        let flags = section.nodes.map { node in
            var node = node
            node.isShown = !["tls-certificate", "tls-key", "metrics-token"].contains(node.key)
            return node
        }
        let isEncryption = section.title == "Encryption"
        return Section(title: section.title, nodes: (isEncryption ? [certificates] : []) + flags)
    }

    static let nodes: [SchemaNode] = sections.flatMap(\.nodes)

    /// The flag that names the file. A file can't name another one.
    static let fileKey = "config"

    /// Pairs of a certificate and its key, which flags can only name in two lists.
    static let certificates = SchemaNode(
        key: "tls-certificates",
        what: "Certificates and their keys, instead of tls-certificate and tls-key",
        kind: .maps([
            SchemaNode(
                key: "certificate", what: "Certificate with its chain, in PEM",
                kind: .text(
                    SchemaNode.Text(accepted: "a file", example: "/etc/hubbub/fullchain.pem")),
                isRequired: true),
            SchemaNode(
                key: "key", what: "Its key, in PEM; without it, the key is in the same file",
                kind: .text(
                    SchemaNode.Text(accepted: "a file", example: "/etc/hubbub/privkey.pem"))),
        ]))

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
