/// The kind of a frame (RFC 6455 §5.2).
public enum Opcode: UInt8, Sendable {
    case continuation = 0x0
    case text = 0x1
    case binary = 0x2
    case close = 0x8
    case ping = 0x9
    case pong = 0xA

    /// Control frames may lie between the fragments of a message (§5.5).
    var isControl: Bool {
        rawValue >= 0x8
    }

    /// The kind of the message that the frame begins. Nil if it begins none (§5.4).
    var messageKind: MessageKind? {
        switch self {
        case .text: .text
        case .binary: .binary
        case .continuation, .close, .ping, .pong: nil
        }
    }

    /// The largest payload of a control frame, in bytes (§5.5).
    static let controlBytes = 125
}
