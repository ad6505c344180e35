internal import TestSupport
internal import WebSocket

extension Seen {
    /// Appends the event as the other side would write it, in one frame.
    func append(to output: inout [UInt8], role: Role) {
        func append(_ opcode: Opcode, _ payload: [UInt8]) {
            switch role {
            case .server: FrameEncoder.append(opcode, payload.span, to: &output)
            case .client:
                FrameEncoder.appendMasked(
                    opcode, payload.span, key: MaskingKey(0x21F6_12B7), to: &output)
            }
        }
        switch self {
        case .message(.text, let bytes): append(.text, bytes)
        case .message(.binary, let bytes): append(.binary, bytes)
        case .ping(let bytes): append(.ping, bytes)
        case .pong(let bytes): append(.pong, bytes)
        case .close(let code):
            let payload = code.map { [UInt8($0.rawValue >> 8), UInt8($0.rawValue & 0xFF)] }
            append(.close, payload ?? [])
        }
    }
}
