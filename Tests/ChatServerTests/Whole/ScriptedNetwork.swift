import Reactor

/// A network on which only what a test wants happens. The outcomes of calls are scripted; without a
/// script a call succeeds. Calls on sockets are recorded.
struct ScriptedNetwork: Network {
    /// A call on a socket, except those for bytes.
    enum Call: Equatable {
        case register(Socket, Token, Interest)
        case change(Socket, Token, Interest)
        case shutdown(Socket)
        case close(Socket)
        case abort(Socket)
    }

    /// One call that offered bytes to a socket.
    struct Offer: Equatable {
        let socket: Socket
        let bytes: [UInt8]
    }

    /// The outcomes of the next sends, in order. The kernel takes no more than it is offered. When
    /// no outcome is left, it takes everything.
    var sendOutcomes: [SendOutcome] = []
    /// The errors of every registration, and of every change of one.
    var registerError: SystemError?
    var changeError: SystemError?
    var time = Instant(nanoseconds: 0)

    private(set) var calls: [Call] = []
    private(set) var offers: [Offer] = []
    /// The bytes that the kernel took for each socket.
    private(set) var taken: [Socket: [UInt8]] = [:]
    /// The interest of each socket.
    private(set) var interests: [Socket: Interest] = [:]

    static let refusal = SystemError(errno: 12, call: "epoll_ctl")
    static let reset = SendOutcome.broken(SystemError(errno: 104, call: "sendmsg"))

    /// Forgets all recorded calls.
    mutating func forgetCalls() {
        calls = []
        offers = []
    }

    func now() -> Instant { time }
    func wallClock() -> Int64 { Int64(time.milliseconds) }
    func wait(milliseconds: Int32?, into ready: inout [ReadyEvent]) { ready = [] }
    func takeSignal() -> Int32? { nil }
    func accept(from listener: Socket) -> AcceptOutcome { .wouldBlock }
    func receive(from socket: Socket, into buffer: inout MutableSpan<UInt8>) -> ReceiveOutcome {
        .wouldBlock
    }

    mutating func send(_ gather: borrowing GatherList, to socket: Socket) -> SendOutcome {
        offers.append(Offer(socket: socket, bytes: gather.bytes()))
        let outcome = sendOutcomes.isEmpty ? .sent(.max) : sendOutcomes.removeFirst()
        guard case .sent(let limit) = outcome else { return outcome }
        let count = min(limit, gather.byteCount)
        taken[socket, default: []] += gather.bytes(limit: count)
        return .sent(count)
    }

    mutating func register(
        _ socket: Socket, token: Token, interest: Interest
    ) throws(SystemError) {
        if let registerError { throw registerError }
        calls.append(.register(socket, token, interest))
        interests[socket] = interest
    }

    mutating func change(
        _ socket: Socket, token: Token, interest: Interest
    ) throws(SystemError) {
        if let changeError { throw changeError }
        calls.append(.change(socket, token, interest))
        interests[socket] = interest
    }

    mutating func shutdownWriting(_ socket: Socket) { calls.append(.shutdown(socket)) }
    mutating func close(_ socket: Socket) { calls.append(.close(socket)) }
    mutating func abort(_ socket: Socket) { calls.append(.abort(socket)) }
}
