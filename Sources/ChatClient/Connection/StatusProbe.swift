internal import Glibc
public import Reactor
internal import TLS

/// One request, and the status of the answer to it.
///
/// It doesn't check the server's certificate: it asks whether somebody answers, and tells nothing
/// that a stranger may not know.
public struct StatusProbe: ~Copyable {
    private static let token = Token(index: 0, generation: 1)
    /// Bytes that are read at once, and the most of an answer that are looked at.
    private static let bufferBytes = 16_384
    /// Enough for the first line of any answer.
    static let mostBytes = 256

    private var network: LinuxNetwork
    private let socket: Socket
    private let deadline: Instant
    private let request: [UInt8]
    private var link: ClientLink
    private var answer: [UInt8] = []
    private var isConnected = false
    private var hasAsked = false

    /// Begins to connect to the first address of the host. `patience` is in milliseconds.
    public init(_ url: WebSocketURL, patience: UInt64) throws(SystemError) {
        let address = try url.resolve()[0]
        let network = try LinuxNetwork()
        let socket = try Connector.connect(to: address)
        try network.register(socket, token: Self.token, interest: [.readable, .writable])
        link = try Self.link(to: url)
        deadline = network.now().advanced(byMilliseconds: patience)
        self.socket = socket
        self.network = network
        request = Array(
            """
            GET \(url.resource) HTTP/1.1\r
            Host: \(url.authority)\r
            Connection: close\r
            \r

            """.utf8)
    }

    private static func link(to url: WebSocketURL) throws(SystemError) -> ClientLink {
        guard url.isSecure else { return ClientLink() }
        guard let context = TLSClientContext(verifies: false),
            let session = TLSSession(context, host: url.host)
        else { throw SystemError(errno: ENOMEM, call: "SSL_new") }
        return ClientLink(session)
    }

    /// The status of the answer, 0 if it isn't one of HTTP. Throws `ETIMEDOUT` if none comes in
    /// time, `ECONNRESET` if the connection ends first, `EPROTO` if TLS fails, and `EINTR` after a
    /// termination signal.
    public mutating func run() throws(SystemError) -> Int {
        var ready: [ReadyEvent] = []
        while true {
            let now = network.now()
            guard now < deadline else { throw SystemError(errno: ETIMEDOUT, call: "recv") }
            let left = (deadline.nanoseconds - now.nanoseconds) / 1_000_000 + 1
            try network.wait(milliseconds: Int32(clamping: left), into: &ready)
            if network.takeSignal() != nil { throw SystemError(errno: EINTR, call: "recv") }
            guard ready.contains(where: { $0.token == Self.token }) else { continue }
            if !isConnected {
                try Connector.result(of: socket)
                isConnected = true
            } else if let status = try receive() {
                return status
            }
            ask()
            try send()
        }
    }

    /// Writes the request once the link is open.
    private mutating func ask() {
        guard !hasAsked, link.state == .open else { return }
        hasAsked = true
        link.append(request)
    }

    /// Sends what waits, and watches for room for the rest.
    private mutating func send() throws(SystemError) {
        let pending = link.pending
        if !pending.isEmpty {
            switch network.send(pending.span, to: socket) {
            case .sent(let count): link.sent(count)
            case .wouldBlock, .exhausted: break
            case .broken(let error): throw error
            }
        }
        try network.change(
            socket, token: Self.token,
            interest: link.pending.isEmpty ? .readable : [.readable, .writable])
    }

    private mutating func receive() throws(SystemError) -> Int? {
        var buffer = [UInt8](repeating: 0, count: Self.bufferBytes)
        var span = buffer.mutableSpan
        switch network.receive(from: socket, into: &span) {
        case .bytes(let count):
            answer +=
                link.isSecure
                ? link.unseal(buffer.span.extracting(first: count)) : Array(buffer.prefix(count))
        case .end: throw SystemError(errno: ECONNRESET, call: "recv")
        case .wouldBlock, .exhausted: return nil
        case .broken(let error): throw error
        }
        if let status = Self.status(of: answer) { return status }
        switch link.state {
        case .opening, .open: return nil
        case .ended: throw SystemError(errno: ECONNRESET, call: "recv")
        case .failed: throw SystemError(errno: EPROTO, call: "SSL_read")
        }
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
