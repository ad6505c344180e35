internal import NIOCore
internal import NIOWebSocket

/// The connected clients. Each line is encoded once, in one buffer for all clients, and flushed at
/// the end of the tick. Bytes for a slow client are kept without a limit, as a channel does by
/// default.
final class Hub {
    private let eventLoop: any EventLoop
    private var outlets: [ObjectIdentifier: ChannelHandlerContext] = [:]
    private var isFlushDue = false

    init(on eventLoop: any EventLoop) { self.eventLoop = eventLoop }

    func add(_ outlet: ChannelHandlerContext) { outlets[ObjectIdentifier(outlet)] = outlet }

    func remove(_ outlet: ChannelHandlerContext) { outlets[ObjectIdentifier(outlet)] = nil }

    func say(_ line: ByteBuffer) {
        let frame = NIOAny(Self.frame(line))
        for outlet in outlets.values { outlet.write(frame, promise: nil) }
        guard !isFlushDue else { return }
        isFlushDue = true
        eventLoop.assumeIsolated().execute {
            self.isFlushDue = false
            // Flushing may end a channel, which then leaves.
            let present = Array(self.outlets.values)
            for outlet in present { outlet.flush() }
        }
    }

    /// An unmasked text frame (RFC 6455, section 5.2).
    private static func frame(_ text: ByteBuffer) -> ByteBuffer {
        let length = text.readableBytes
        var frame = ByteBufferAllocator().buffer(capacity: length + 10)
        frame.writeInteger(UInt8(0x81))
        switch length {
        case ..<126: frame.writeInteger(UInt8(length))
        case ..<65536:
            frame.writeInteger(UInt8(126))
            frame.writeInteger(UInt16(length))
        default:
            frame.writeInteger(UInt8(127))
            frame.writeInteger(UInt64(length))
        }
        frame.writeImmutableBuffer(text)
        return frame
    }
}

/// The head of a channel's pipeline. Its input is already encoded.
final class Outlet: ChannelInboundHandler {
    typealias InboundIn = NIOAny

    private let hub: Hub

    init(of hub: Hub) { self.hub = hub }

    func handlerAdded(context: ChannelHandlerContext) { hub.add(context) }

    func handlerRemoved(context: ChannelHandlerContext) { hub.remove(context) }

    func channelInactive(context: ChannelHandlerContext) {
        hub.remove(context)
        context.fireChannelInactive()
    }
}

/// The tail of a channel's pipeline.
final class Member: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    private let hub: Hub

    init(of hub: Hub) { self.hub = hub }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = Self.unwrapInboundIn(data)
        switch frame.opcode {
        case .text: hub.say(frame.unmaskedData)
        case .ping:
            let pong = WebSocketFrame(fin: true, opcode: .pong, data: frame.unmaskedData)
            context.writeAndFlush(Self.wrapOutboundOut(pong), promise: nil)
        case .connectionClose:
            let answer = WebSocketFrame(
                fin: true, opcode: .connectionClose, data: frame.unmaskedData)
            context.writeAndFlush(Self.wrapOutboundOut(answer), promise: nil)
            context.close(promise: nil)
        default: break
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
