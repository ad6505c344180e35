internal import ChatClient
internal import Foundation
internal import Reactor

/// The link from the part of a run that loads the server to the part that conducts it: within the
/// process, or over a connection to another one, with a line of JSON for each word.
struct Link: ~Copyable {
    private enum End {
        case local(Conductor)
        case remote(Socket)
    }

    private let end: End
    private var outbox = Outbox()
    private var received: [UInt8] = []
    /// The conductor's orders that haven't been handled.
    private var orders: [Order] = []

    init(to conductor: Conductor) { end = .local(conductor) }

    init(over socket: Socket) { end = .remote(socket) }

    /// The token of the connection.
    static let token = Token.listener(0)

    /// Registers the connection, if there is one.
    func register(on network: inout LinuxNetwork) throws(Failure) {
        guard case .remote(let socket) = end else { return }
        do throws(SystemError) {
            try network.register(socket, token: Self.token, interest: .readable)
        } catch {
            throw .system(error)
        }
    }

    mutating func say(_ word: Word, at now: Instant, over network: inout LinuxNetwork)
        throws(Failure)
    {
        switch end {
        case .local(let conductor): orders += try conductor.received(word, from: 0, at: now)
        case .remote(let socket):
            let line = Array(try JSONLine.encode(word) + [UInt8(ascii: "\n")])
            try Self.send(line, to: socket, over: &network, using: &outbox)
        }
    }

    /// Sends all bytes. It may wait, because the other end does nothing but read.
    static func send(
        _ bytes: [UInt8], to socket: Socket, over network: inout LinuxNetwork,
        using outbox: inout Outbox
    ) throws(Failure) {
        var rest = bytes
        while !rest.isEmpty {
            switch outbox.send(rest, over: &network, to: socket) {
            case .sent(let count): rest.removeFirst(count)
            case .wouldBlock, .exhausted: usleep(100)
            case .broken: throw Failure("another process of the run has ended")
            }
        }
    }

    /// The conductor's next order.
    mutating func next(over network: inout LinuxNetwork) throws(Failure) -> Order? {
        if case .remote(let socket) = end {
            try Self.receive(from: socket, over: &network, into: &received)
            while let line = JSONLine.take(from: &received) {
                orders.append(try JSONLine.decode(Order.self, line))
            }
        }
        return orders.isEmpty ? nil : orders.removeFirst()
    }

    /// Appends the bytes that have arrived.
    static func receive(
        from socket: Socket, over network: inout LinuxNetwork, into received: inout [UInt8]
    ) throws(Failure) {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            var span = buffer.mutableSpan
            switch network.receive(from: socket, into: &span) {
            case .bytes(let count): received += buffer[..<count]
            case .wouldBlock, .exhausted: return
            case .end, .broken: throw Failure("another process of the run has ended")
            }
        }
    }
}
