/// What a Redis says of itself (INFO), as far as it matters whether it can be a shard.
struct ServerFacts {
    private let facts: [Substring: Substring]

    init(_ info: String) {
        // A dictionary keeps the last of equal names, of which there are none.
        facts = Dictionary(
            info.split(whereSeparator: \.isNewline).compactMap { line in
                line.firstIndex(of: ":").map { (line[..<$0], line[$0...].dropFirst()) }
            }, uniquingKeysWith: { $1 })
    }

    /// Why it can't be a shard: what is wrong, and the remedy. Nil if it can be one.
    var problem: String? {
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
}
