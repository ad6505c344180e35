/// What a Redis says of itself (INFO), as far as it matters for a shard.
package struct ServerFacts: Equatable, Sendable {
    private let facts: [Substring: Substring]

    package init(_ info: String) {
        // A dictionary keeps the last of equal names, of which there are none.
        facts = Dictionary(
            info.split(whereSeparator: \.isNewline).compactMap { line in
                line.firstIndex(of: ":").map { (line[..<$0], line[$0...].dropFirst()) }
            }, uniquingKeysWith: { $1 })
    }

    /// Why it can't be a shard: what is wrong, and the remedy. Nil if it can be one.
    package var problem: String? {
        if facts["redis_mode"] == "cluster" {
            return """
                it is a node of a Redis Cluster, which is not supported: use single Redis servers, \
                over which rooms are spread
                """
        }
        let version = facts["redis_version"] ?? "unknown"
        guard let major = version.split(separator: ".").first.flatMap({ Int($0) }), major >= 7
        else { return "its version is \(version), and 7 or newer is needed" }
        let policy = facts["maxmemory_policy"] ?? "noeviction"
        if policy != "noeviction", facts["maxmemory"] != "0" {
            return """
                it deletes what it should keep when its memory is full: set maxmemory-policy to \
                noeviction instead of \(policy)
                """
        }
        return nil
    }

    package var version: String { text("redis_version") ?? "unknown" }
    /// Whether it takes its data from another Redis, and so no lines.
    package var isReplica: Bool { facts["role"] == "slave" }
    /// The replicas that have its data.
    package var replicas: Int {
        facts.count { name, value in
            name.hasPrefix("slave") && value.contains("state=online")
        }
    }
    /// Whether it appends each write to a file.
    package var appendsToFile: Bool { facts["aof_enabled"] == "1" }
    /// Whether it could not write its files the last time.
    package var failsToWrite: Bool {
        ["aof_last_write_status", "aof_last_bgrewrite_status", "rdb_last_bgsave_status"]
            .contains { facts[$0[...]] == "err" }
    }
    /// Bytes of memory that its data takes, that it may take (nil: as many as it likes), and that
    /// its machine has.
    package var memory: Int? { number("used_memory") }
    package var memoryLimit: Int? { number("maxmemory").flatMap { $0 == 0 ? nil : $0 } }
    package var machineMemory: Int? { number("total_system_memory") }

    private func text(_ name: Substring) -> String? { facts[name].map { String($0) } }

    private func number(_ name: Substring) -> Int? { facts[name].flatMap { Int($0) } }
}
