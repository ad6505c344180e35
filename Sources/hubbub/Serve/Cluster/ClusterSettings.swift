internal import ChatCluster
internal import ChatStore
internal import Reactor
internal import Redis

/// How a daemon shares its rooms with others.
struct ClusterSettings {
    /// In the order in which all nodes have them.
    let shards: [RedisURL]
    /// Nil: the host's name and the port.
    let name: NodeName?
    let replicas: Int
    let retention: Retention

    /// Nil if rooms aren't shared. Notes settings without an effect.
    init?(
        _ options: Serve, _ reading: inout SettingsReading, _ retention: Retention,
        _ idle: inout IdleSettings
    ) {
        shards = options.cluster.shards.flatMap { reading.value(of: $0) }
        name = reading.value(of: options.cluster.nodeName)
        replicas = reading.value(of: options.cluster.wait)
        self.retention = retention
        guard !shards.isEmpty else {
            idle.noteNoCluster(options.cluster)
            return nil
        }
        if Set(shards).count < shards.count, let last = options.cluster.shards.last {
            reading.faults.append(last.complaint("a Redis stands there twice; name each once"))
        }
        idle.noteCluster(options.history, faults: &reading.faults)
    }

    /// The node's name: the given one, or that of the host with the port that it listens on, and
    /// with the process if others listen there, too.
    func nodeName(listening addresses: [SocketAddress], sharesPort: Bool) -> NodeName {
        if let name { return name }
        let host = SystemCalls.hostName().map { character in
            NodeName(String(character)) == nil ? "-" : character
        }
        let end =
            (addresses.first.map { "-\($0.port)" } ?? "")
            + (sharesPort ? "-\(SystemCalls.processID())" : "")
        let text = String(host.prefix(NodeName.lengthLimit - end.count)) + end
        guard let name = NodeName(text) else { preconditionFailure("\(text) is no name") }
        return name
    }
}
