import Glibc
import Reactor
import Redis
import TestSupport
import Testing

/// A Redis that others replicate. It needs a port for that, which the system chooses.
struct ReplicatedServer {
    let server: RedisServer
    private let port: String

    init() throws {
        let listener = try #require(
            try Listener.listen(host: "127.0.0.1", port: 0, sendBuffer: 0).first)
        port = "\(listener.address.port)"
        _ = close(listener.socket.rawValue)
        server = try RedisServer(
            "--port", port, "--bind", "127.0.0.1", "--repl-diskless-sync-delay", "0")
    }

    var path: String { server.path }

    func replica() throws -> RedisServer { try RedisServer("--replicaof", "127.0.0.1", port) }

    /// Waits until so many replicas follow it, at most 20 s.
    func isFollowed(by count: Int) throws -> Bool {
        let probe = try ShardProbe(path)
        let end = RedisLoop.now.advanced(byMilliseconds: 20_000)
        while RedisLoop.now < end {
            let info = try probe.redis("INFO", "replication").text ?? ""
            if info.ranges(of: "state=online").count == count { return true }
        }
        return false
    }
}
