internal import ChatClient
internal import Foundation
internal import Reactor

/// This process as a worker of another one.
enum Worker {
    /// The time for the conductor's first order, in milliseconds.
    private static let patience: UInt64 = 10_000

    /// Follows the orders of the conductor at a port of this machine.
    static func perform(port: UInt16, secret: String) throws(Failure) {
        let (socket, share, origin) = try begin(port: port, secret: secret)
        do throws(Failure) {
            var run = try Run(share, origin: origin, link: Link(over: socket))
            try run.perform()
        } catch {
            try complain(error, socket)
        }
    }

    private static func begin(
        port: UInt16, secret: String
    ) throws(Failure) -> (Socket, Share, Instant) {
        do throws(SystemError) {
            var network = try LinuxNetwork()
            let conductor = SocketAddress(ipv4: 0x7F00_0001, port: port)
            let socket = try Connector.connect(to: conductor)
            try network.register(socket, token: Link.token, interest: .writable)
            var ready: [ReadyEvent] = []
            try network.wait(milliseconds: Int32(patience), into: &ready)
            try Connector.result(of: socket)
            try network.change(socket, token: Link.token, interest: .readable)
            return try listen(socket, secret: secret, over: &network)
        } catch {
            throw .system(error)
        }
    }

    private static func listen(
        _ socket: Socket, secret: String, over network: inout LinuxNetwork
    ) throws(SystemError) -> (Socket, Share, Instant) {
        var outbox = Outbox()
        var received: [UInt8] = []
        var ready: [ReadyEvent] = []
        let deadline = network.now().advanced(byMilliseconds: patience)
        do throws(Failure) {
            try Link.send(Array("\(secret)\n".utf8), to: socket, over: &network, using: &outbox)
            while network.now() < deadline {
                try Link.receive(from: socket, over: &network, into: &received)
                if let line = JSONLine.take(from: &received),
                    case .begin(let share, let origin) = try JSONLine.decode(Order.self, line)
                {
                    return (socket, share, Instant(nanoseconds: origin))
                }
                do throws(SystemError) {
                    try network.wait(milliseconds: 100, into: &ready)
                } catch {
                    throw .system(error)
                }
            }
        } catch {
            throw SystemError(errno: ECONNRESET, call: error.description)
        }
        throw SystemError(errno: ETIMEDOUT, call: "begin")
    }

    private static func complain(_ failure: Failure, _ socket: Socket) throws(Failure) {
        var outbox = Outbox()
        do throws(SystemError) {
            var network = try LinuxNetwork()
            let line = try? JSONLine.encode(Word.failed(failure.description))
            try? Link.send(
                (line ?? []) + [UInt8(ascii: "\n")], to: socket, over: &network, using: &outbox)
        } catch {
            throw failure
        }
        throw failure
    }
}
