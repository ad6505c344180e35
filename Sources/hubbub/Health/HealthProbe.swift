internal import ChatClient
internal import Glibc
internal import Reactor

/// One request, and the status of the answer to it.
struct HealthProbe: ~Copyable {
    private static let token = Token(index: 0, generation: 1)
    /// Enough for the first line of any answer.
    private static let mostBytes = 256

    private var network: LinuxNetwork
    private let socket: Socket
    private let deadline: Instant
    private let request: [UInt8]
    private var answer: [UInt8] = []
    private var isSent = false

    /// Begins to connect to the first address of the host. `patience` is in milliseconds.
    init(_ target: WebSocketURL, patience: UInt64) throws(SystemError) {
        let address = try target.resolve()[0]
        let network = try LinuxNetwork()
        let socket = try Connector.connect(to: address)
        try network.register(socket, token: Self.token, interest: [.readable, .writable])
        deadline = network.now().advanced(byMilliseconds: patience)
        self.socket = socket
        self.network = network
        request = Array(
            """
            GET \(target.resource) HTTP/1.1\r
            Host: \(target.authority)\r
            Connection: close\r
            \r

            """.utf8)
    }

    /// The status of the answer. Throws `ETIMEDOUT` if none comes in time, `ECONNRESET` if the
    /// connection ends first, and `EINTR` after a termination signal.
    mutating func run() throws(SystemError) -> Int {
        var ready: [ReadyEvent] = []
        while true {
            let now = network.now()
            guard now < deadline else { throw SystemError(errno: ETIMEDOUT, call: "recv") }
            let left = (deadline.nanoseconds - now.nanoseconds) / 1_000_000 + 1
            try network.wait(milliseconds: Int32(clamping: left), into: &ready)
            if network.takeSignal() != nil { throw SystemError(errno: EINTR, call: "recv") }
            guard ready.contains(where: { $0.token == Self.token }) else { continue }
            if !isSent { try send() }
            if let status = try receive() { return status }
        }
    }

    /// Sends the request, which is so short that it fits into any socket's buffer.
    private mutating func send() throws(SystemError) {
        try Connector.result(of: socket)
        let request = request
        let outcome = network.send(request.span, to: socket)
        switch outcome {
        case .sent(let count) where count == request.count:
            isSent = true
            try network.change(socket, token: Self.token, interest: .readable)
        case .sent: throw SystemError(errno: EAGAIN, call: "sendto")
        case .wouldBlock, .exhausted: break
        case .broken(let error): throw error
        }
    }

    private mutating func receive() throws(SystemError) -> Int? {
        var buffer = [UInt8](repeating: 0, count: Self.mostBytes)
        var span = buffer.mutableSpan
        switch network.receive(from: socket, into: &span) {
        case .bytes(let count): answer += buffer.prefix(count)
        case .end: throw SystemError(errno: ECONNRESET, call: "recv")
        case .wouldBlock, .exhausted: return nil
        case .broken(let error): throw error
        }
        return Self.status(of: answer)
    }

    /// The status of an answer that has begun: the second word of its first line. Nil until it is
    /// there, 0 if it is no answer of HTTP.
    static func status(of answer: [UInt8]) -> Int? {
        let words = answer.prefix(mostBytes).split(
            separator: UInt8(ascii: " "), maxSplits: 2, omittingEmptySubsequences: false)
        guard words.count > 2 else { return answer.count < mostBytes ? nil : 0 }
        let texts = words.map { String(decoding: $0, as: UTF8.self) }
        return texts[0].hasPrefix("HTTP/1.") ? Int(texts[1]) ?? 0 : 0
    }
}
