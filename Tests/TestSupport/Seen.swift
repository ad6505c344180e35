package import WebSocket

/// An event of a session with its bytes, wherever the session left them.
package enum Seen: Equatable, Sendable {
    case message(MessageKind, [UInt8])
    case ping([UInt8])
    case pong([UInt8])
    case close(CloseCode?)

    package init(_ event: SessionEvent, in input: [UInt8]) {
        switch event {
        case .message(let kind, let payload):
            self = .message(kind, payload.bytes(in: input.span))
        case .ping(let payload): self = .ping(payload.bytes(in: input.span))
        case .pong(let payload): self = .pong(payload.bytes(in: input.span))
        case .close(let code): self = .close(code)
        }
    }
}
