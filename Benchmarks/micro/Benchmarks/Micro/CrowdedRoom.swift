internal import Chat
internal import ChatServer
internal import Logging
internal import Reactor
internal import WebSocket

/// A server on a ``NullNetwork`` with all clients in one room.
final class CrowdedRoom {
    private let clients = Clients()
    private var server: Server<NullNetwork>
    private var buffer = Server<NullNetwork>.makeReceiveBuffer()
    private let line = Example.masked(Example.plainLine)

    /// Makes a room with this many clients.
    init(members: Int) throws {
        var limits = Limits()
        limits.connections = members
        limits.chat.linesPerSecond = 0
        server = try Server(
            network: NullNetwork(clients: clients), listeners: [Clients.listener],
            settings: Settings(limits: limits),
            log: Logger(label: "micro") { _ in SwiftLogNoOpLogHandler() })
        clients.arrive(members)
        try settle()
        clients.say(Example.request, from: 0..<members)
        try settle()
        precondition(server.metrics.linesDelivered == 0 && server.connectionCount == members)
        try sayLine()
    }

    /// One client says a line, and all get it.
    func sayLine() throws {
        let (lines, taken) = (server.metrics.linesDelivered, clients.taken)
        clients.say(line, from: 0..<1)
        try settle()
        let delivered = server.metrics.linesDelivered - lines
        precondition(delivered == clients.count && clients.taken > taken)
    }

    /// The same while no client takes anything at first, so that the line passes through every
    /// ring.
    func sayLineToSlowClients() throws {
        let lines = server.metrics.linesDelivered
        clients.takes = false
        clients.say(line, from: 0..<1)
        try settle()
        precondition(server.metrics.linesDelivered == lines)
        clients.takes = true
        try settle()
        precondition(server.metrics.linesDelivered - lines == clients.count)
    }

    private func settle() throws {
        while !clients.isQuiet { try server.tick(buffer: &buffer) }
    }
}
