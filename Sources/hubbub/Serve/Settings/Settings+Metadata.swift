internal import ChatServer
internal import ChatStore
internal import Logging
internal import Redis

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
            "history": "\(history != nil ? "sqlite" : cluster != nil ? "cluster" : "none")",
            "cluster": "\(Self.list(cluster?.shards.map(\.description) ?? [], orElse: "none"))",
        ]
        metadata["tls-certificate"] =
            "\(Self.list(encryption?.files.map(\.certificate) ?? [], orElse: "none"))"
        metadata["hsts"] = "\(encryption?.strictTransport ?? 0)"
        if let retention = history?.retention ?? cluster?.retention {
            metadata["retain-days"] = "\(retention.days) days"
            metadata["retain-lines"] = "\(retention.lines) lines"
        }
        if let cluster { metadata["cluster-wait"] = "\(cluster.replicas)" }
        guard let history else { return metadata }
        metadata["durability"] = "\(history.durability.rawValue)"
        metadata["max-history-bytes"] = "\(Unit.bytes.text(history.retention.bytes))"
        return metadata
    }

    private static func list(_ elements: [String], orElse none: String) -> String {
        elements.isEmpty ? none : elements.joined(separator: ",")
    }
}
