internal import TLS
internal import WebSocket

/// A client's session and the link that it goes through, without a socket: bytes in, events and
/// bytes out.
struct ClientStream: ~Copyable {
    private let url: WebSocketURL
    private let rules: ClientRules
    private var session: ClientSession
    private var link = ClientLink()
    /// Whether the request of the opening handshake was written.
    private var hasAsked = false
    private var random = SystemRandomNumberGenerator()

    init(to url: WebSocketURL, rules: ClientRules) {
        (self.url, self.rules) = (url, rules)
        session = ClientSession(using: &random)
    }

    /// Whether texts can be sent.
    var isOpen: Bool { session.isOpen }
    /// Whether the opening handshake isn't complete.
    var isOpening: Bool { session.state == .opening }
    /// Bytes that the socket hasn't taken.
    var pending: [UInt8] { link.pending }
    /// What a later connection to this server may resume.
    var resumption: TLSResumption? { link.resumption() }

    /// The socket has taken bytes of what waits.
    mutating func sent(_ count: Int) { link.sent(count) }

    /// The socket is connected. `earlier` may be resumed. Returns the reason if that is impossible.
    mutating func connected(resuming earlier: TLSResumption?) -> ClientFailure? {
        if url.isSecure {
            guard let context = rules.tls ?? TLSClientContext(),
                let tls = TLSSession(context, host: url.host, resuming: earlier)
            else { return .tls("there is not enough memory") }
            link = ClientLink(tls)
        }
        ask()
        return nil
    }

    /// Writes the request of the opening handshake, once the link is open.
    private mutating func ask() {
        guard !hasAsked, link.state == .open else { return }
        hasAsked = true
        var request: [UInt8] = []
        session.writeRequest(
            host: url.authority, target: url.resource, rules: rules, into: &request)
        link.append(request)
    }

    /// Bytes have arrived. Returns whether the last event ends the connection.
    mutating func received(
        _ input: inout MutableSpan<UInt8>, events: inout [ClientConnection.Event]
    ) -> Bool {
        guard link.isSecure else { return receivedPlain(&input, events: &events) }
        var plaintext = link.unseal(input.span)
        ask()
        var span = plaintext.mutableSpan
        if receivedPlain(&span, events: &events) { return true }
        switch link.state {
        case .opening, .open: return false
        case .ended: events.append(receivedEnd())
        case .failed(let failure): events.append(.failed(failure))
        }
        return true
    }

    private mutating func receivedPlain(
        _ input: inout MutableSpan<UInt8>, events: inout [ClientConnection.Event]
    ) -> Bool {
        var offset = 0
        var replies: [UInt8] = []
        var hasEnded = false
        while !hasEnded,
            let event = session.next(
                in: &input, from: &offset, rules: rules, output: &replies, using: &random)
        {
            switch event {
            case .opened(let subprotocol): events.append(.opened(subprotocol: subprotocol))
            case .text(let payload): events.append(.text(payload.bytes(in: input.span)))
            case .binary, .ping, .pong: break
            case .closed(let code):
                events.append(.closed(code: code?.rawValue))
                hasEnded = true
            case .failed(let failure):
                events.append(.failed(failure))
                hasEnded = true
            }
        }
        link.append(replies)
        if hasEnded { link.finish() }
        return hasEnded
    }

    /// The server has ended its sending half. Returns the event of that.
    mutating func receivedEnd() -> ClientConnection.Event {
        if link.state == .opening {
            return .failed(.tls("it ended the connection in the handshake"))
        }
        guard case .failed(let failure) = session.receivedEnd() else { return .lost(nil) }
        return .failed(failure)
    }

    /// Sends a text. The session must be open.
    mutating func send(text: [UInt8]) {
        var frame: [UInt8] = []
        session.send(text: text.span, into: &frame, using: &random)
        link.append(frame)
    }

    /// Begins the closing handshake.
    mutating func close() {
        var frame: [UInt8] = []
        session.close(.normal, into: &frame, using: &random)
        link.append(frame)
    }
}
