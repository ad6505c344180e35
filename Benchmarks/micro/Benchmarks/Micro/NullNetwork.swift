internal import Reactor

/// A network in memory that does almost nothing, so that the time is the server's own.
struct NullNetwork: Network, ~Copyable {
    let clients: Clients

    func now() -> Instant { clients.now }

    func wallClock() -> Int64 { 1_800_000_000_000 }

    func wait(milliseconds: Int32?, into ready: inout [ReadyEvent]) { clients.report(&ready) }

    func takeSignal() -> Int32? { nil }

    func accept(from listener: Socket) -> AcceptOutcome {
        guard let socket = clients.accepted() else { return .wouldBlock }
        return .connection(socket, SocketAddress(ipv4: UInt32(socket.rawValue), port: 1))
    }

    func receive(from socket: Socket, into buffer: inout MutableSpan<UInt8>) -> ReceiveOutcome {
        let input = clients.input
        for index in input.indices { buffer[index] = input[index] }
        return .bytes(input.count)
    }

    func send(_ gather: borrowing GatherList, to socket: Socket) -> SendOutcome {
        clients.send(gather.byteCount)
    }

    func register(_ socket: Socket, token: Token, interest: Interest) {
        clients.watch(socket, token: token, interest: interest)
    }

    func change(_ socket: Socket, token: Token, interest: Interest) {
        clients.watch(socket, token: token, interest: interest)
    }

    func shutdownWriting(_ socket: Socket) {}

    func close(_ socket: Socket) {}

    func abort(_ socket: Socket) {}
}
