import Reactor

/// A network with one connection, which does what a test says.
struct ScriptedNetwork: Network {
    let wire: ScriptedWire

    func now() -> Instant { wire.now }
    func wallClock() -> Int64 { 0 }
    func takeSignal() -> Int32? { nil }

    func wait(milliseconds: Int32?, into ready: inout [ReadyEvent]) {
        ready = wire.wait(milliseconds).map { [$0] } ?? []
    }

    func accept(from listener: Socket) -> AcceptOutcome {
        .connection(ScriptedWire.socket, SocketAddress(ipv4: 1, port: 2))
    }

    func receive(from socket: Socket, into buffer: inout MutableSpan<UInt8>) -> ReceiveOutcome {
        let (outcome, bytes) = wire.receive(buffer.count)
        for index in bytes.indices { buffer[index] = bytes[index] }
        return outcome
    }

    func send(_ gather: borrowing GatherList, to socket: Socket) -> SendOutcome {
        wire.send(gather.bytes())
    }

    func register(_ socket: Socket, token: Token, interest: Interest) throws(SystemError) {
        try wire.watch(token, interest, isNew: true)
    }

    func change(_ socket: Socket, token: Token, interest: Interest) throws(SystemError) {
        try wire.watch(token, interest, isNew: false)
    }

    func shutdownWriting(_ socket: Socket) { wire.shutDown() }
    func close(_ socket: Socket) { wire.close(isAborted: false) }
    func abort(_ socket: Socket) { wire.close(isAborted: true) }
}
