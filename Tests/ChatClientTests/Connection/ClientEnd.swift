import ChatClient
import TestSupport
import WebSocket

/// A client session that is fed bytes, and its events.
final class ClientEnd {
    let rules: ClientRules
    var session: ClientSession
    /// The bytes that it sent.
    var sent: [UInt8] = []
    /// Its events as texts.
    private(set) var events: [String] = []
    /// The server's HTTP response, if it gave one.
    private(set) var refusal: HTTPRefusal?
    private var random = SplitMix64(seed: 7)

    init(rules: ClientRules = ClientRules(messageBytes: 1_000)) {
        self.rules = rules
        session = ClientSession(using: &random)
        var sent: [UInt8] = []
        session.writeRequest(host: "a.example", target: "/ws", rules: rules, into: &sent)
        self.sent = sent
    }

    var isOpen: Bool { session.isOpen }
    var state: ClientSession.State { session.state }

    /// The bytes sent since the last call.
    func takeSent() -> [UInt8] {
        defer { sent = [] }
        return sent
    }

    func send(_ text: String) {
        let bytes = Array(text.utf8)
        session.send(text: bytes.span, into: &sent, using: &random)
    }

    func close(_ code: CloseCode) {
        session.close(code, into: &sent, using: &random)
    }

    func end() {
        if session.receivedEnd() == .failed(.ended) { events.append("ended") }
    }

    func receive(_ bytes: [UInt8]) {
        var bytes = bytes
        var input = bytes.mutableSpan
        var offset = 0
        while let event = session.next(
            in: &input, from: &offset, rules: rules, output: &sent, using: &random)
        {
            switch event {
            case .opened(let subprotocol): events.append("opened \(subprotocol ?? "-")")
            case .text(let payload): events.append("text \(text(payload, input.span))")
            case .binary(let payload): events.append("binary \(text(payload, input.span))")
            case .ping(let payload): events.append("ping \(text(payload, input.span))")
            case .pong(let payload): events.append("pong \(text(payload, input.span))")
            case .closed(let code): events.append("closed \(code?.rawValue ?? 0)")
            case .failed(.refused(let refusal)):
                self.refusal = refusal
                events.append("failed: \(ClientFailure.refused(refusal).reason)")
            case .failed(let failure): events.append("failed: \(failure.reason)")
            }
        }
    }

    private func text(_ payload: Payload, _ input: Span<UInt8>) -> String {
        String(decoding: payload.bytes(in: input), as: UTF8.self)
    }
}
