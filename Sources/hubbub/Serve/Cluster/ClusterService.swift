internal import ArgumentParser
internal import Chat
internal import ChatCluster
internal import ChatServer
internal import ChatStore
internal import Filters
internal import Logging
internal import Reactor
internal import Redis
internal import Synchronization

/// A daemon's part in its cluster.
struct ClusterService {
    /// Why the node must not run.
    private final class Refusal: Sendable {
        let reason = Mutex<String?>(nil)
    }

    let store: ClusterStore
    let secrets: SharedSecrets
    private let name: NodeName
    private let refusal = Refusal()
    private let log: Logger

    /// Waits for the first shard. Throws an exit code if the daemon is to end before that answers.
    ///
    /// - Parameter directory: see ``SharedSecrets``.
    init(
        _ settings: ClusterSettings, listening addresses: [SocketAddress], sharesPort: Bool,
        tokensIn directory: String?, undoPeriod: Int64, wake: @escaping @Sendable () -> Void,
        log: Logger
    ) throws {
        name = settings.nodeName(listening: addresses, sharesPort: sharesPort)
        self.log = log
        guard
            let secrets = try SharedSecrets(
                at: settings.shards[0], tokensIn: directory, log: log)
        else { throw ExitCode.success }
        self.secrets = secrets
        do throws(RedisProblem) {
            store = try ClusterStore(
                node: name, shards: settings.shards, replicas: settings.replicas,
                lines: settings.retention.lines,
                maxAge: Int64(settings.retention.days) * 86_400_000, secrets: secrets.agreed,
                undoPeriod: undoPeriod, noTerms: TermList(), wake: wake, log: log,
                refused: { [refusal] reason in
                    refusal.reason.withLock { $0 = reason }
                    SystemCalls.end()
                })
        } catch {
            throw Complaint(.unavailable, "--cluster: \(error)")
        }
        log.info("The node is in a cluster", metadata: ["node": "\(name.text)"])
    }

    /// Tells the other nodes.
    var tell: @Sendable (ServerNotice) -> Void {
        { [store] notice in store.submit(.notify(notice)) }
    }

    /// Gives the node's name back. Throws if the node had to end.
    func close() throws(Complaint) {
        if !store.close() {
            log.warning("The node's name was not given back in time: its next start waits for it")
        }
        if let reason = refusal.reason.withLock({ $0 }) {
            throw Complaint(
                .unavailable, "--node-name \(name.text): \(reason); give each node another one")
        }
    }
}
