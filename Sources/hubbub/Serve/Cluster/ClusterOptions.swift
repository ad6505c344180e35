internal import ArgumentParser
internal import ChatCluster
internal import Redis

/// Whether rooms are shared with other daemons, and how.
struct ClusterOptions: ParsableArguments {
    @Option(repeatable: .clusterShards)
    var shards: [Given<[RedisURL]>]

    @Option(
        Setting(
            flag: "node-name", placeholder: "name",
            what: "Name of this node in its cluster, which no other one has",
            accepted: NodeName.form, fallback: nil,
            fallbackText: "the host's name and the port",
            parse: { NodeName($0).map { .some($0) } }
        ).example("web1").fixed)
    var nodeName: Given<NodeName?>

    @Option(
        Setting(
            flag: "cluster-wait", placeholder: "replicas",
            what: "Replicas of a Redis that must have a line before it is acknowledged",
            accepted: "0 to 16", fallback: 0, fallbackText: "0",
            parse: { text in Int(text).flatMap { 0...16 ~= $0 ? $0 : nil } }
        ).fixed)
    var wait: Given<Int>
}

extension Setting<[RedisURL]> {
    /// The Redis servers of a cluster, in their order.
    static var clusterShards: Setting {
        var setting = Setting(
            flag: "cluster", placeholder: "url",
            what: "Redis that shares rooms between daemons; repeat it, or separate by commas, to "
                + "spread rooms over several: the same, in the same order, for all daemons. Other "
                + "users of this machine can read the flag, so put a password into the variable "
                + "or the file",
            accepted: "redis://[user:password@]host[:port][/database] or unix:///path",
            fallback: [], fallbackText: "none", parse: { ClusterText.list($0) },
            hint: ClusterText.hint
        ).example("redis://127.0.0.1:6379").fixed
        setting.mask = ClusterText.shown
        return setting
    }
}
