internal import ChatServer
internal import ChatStore
internal import Logging

extension Settings {
    /// The settings in force besides the limits, by flag, for the log.
    var metadata: Logger.Metadata {
        var metadata: Logger.Metadata = [
            "allow-origin": "\(Self.list(origins, orElse: "any"))",
            "trusted-proxies":
                "\(Self.list(proxies.blocks.map { "\($0)" }, orElse: "none"))",
            "forwarded-header": "\(proxies.field.rawValue)",
            "compression": "\(compression ? "on" : "off")",
            "reuse-port": "\(sharesPort ? "on" : "off")",
            "log-level": "\(level)",
            "log-format": "\(logForm == .json ? "json" : "text")",
            "history": "\(history == nil ? "none" : "sqlite")",
        ]
        metadata["tls-certificate"] =
            "\(Self.list(encryption?.files.map(\.certificate) ?? [], orElse: "none"))"
        metadata["hsts"] = "\(encryption?.strictTransport ?? 0)"
        guard let history else { return metadata }
        metadata["durability"] = "\(history.durability.rawValue)"
        metadata["retain-days"] = "\(history.retention.days) days"
        metadata["retain-lines"] = "\(history.retention.lines) lines"
        metadata["max-history-bytes"] = "\(Unit.bytes.text(history.retention.bytes))"
        return metadata
    }

    private static func list(_ elements: [String], orElse none: String) -> String {
        elements.isEmpty ? none : elements.joined(separator: ",")
    }
}
