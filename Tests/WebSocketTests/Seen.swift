import Testing
import WebSocket

/// An event with its bytes, wherever the session left them.
enum Seen: Equatable {
    case message(MessageKind, [UInt8])
    case ping([UInt8])
    case pong([UInt8])
    case close(CloseCode?)

    init(_ event: SessionEvent, in input: [UInt8]) {
        func bytes(_ payload: Payload) -> [UInt8] {
            switch payload {
            case .input(let range): Array(input[range])
            case .kept(let bytes): bytes
            }
        }
        switch event {
        case .message(let kind, let payload): self = .message(kind, bytes(payload))
        case .ping(let payload): self = .ping(bytes(payload))
        case .pong(let payload): self = .pong(bytes(payload))
        case .close(let code): self = .close(code)
        }
    }
}
