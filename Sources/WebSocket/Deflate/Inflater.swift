internal import CZlib

/// Decompresses the payloads of one direction of permessage-deflate (RFC 7692 §7.2.2).
public final class Inflater {
    /// What a sync flush ends with, and a payload lacks (§7.2.1).
    static let tail: [UInt8] = [0x00, 0x00, 0xFF, 0xFF]
    /// Bytes of room for the first run over a small message.
    private static let leastRoom = 256

    private let stream: ZlibStream
    private let keepsContext: Bool

    /// Nil if there is no memory for it: 1 << `windowBits` bytes and about 7 KiB more.
    ///
    /// - Parameters:
    ///   - windowBits: 8 to 15, no fewer than those of the window that the peer compresses with.
    ///   - keepsContext: whether a message may refer to those before it; without, one decompressor
    ///     serves any number of connections. A ``Session`` can keep the context in its place.
    public init?(windowBits: Int = 15, keepsContext: Bool) {
        guard let opened = ZlibStream(inflatingWithWindowBits: windowBits) else { return nil }
        stream = opened
        self.keepsContext = keepsContext
    }

    /// The message whose payloads, put together, are these bytes; at most `limit` bytes of it.
    ///
    /// What is over the limit is neither produced nor kept. After an error, one that keeps its
    /// context is of no further use.
    public func inflate(
        _ payload: Span<UInt8>, limit: Int
    ) throws(ProtocolViolation) -> [UInt8] {
        if !keepsContext { stream.reset() }
        return try finish(payload, limit: limit)
    }

    /// The same of a message that may refer to what the window holds, which then holds the end of
    /// this one, too. The inflater keeps nothing of it.
    func inflate(
        _ payload: Span<UInt8>, limit: Int, behind window: inout InflateWindow
    ) throws(ProtocolViolation) -> [UInt8] {
        stream.reset(behind: window.bytes.span)
        let message = try finish(payload, limit: limit)
        window.append(message.span)
        return message
    }

    /// The message, where the stream is at its start.
    private func finish(
        _ payload: Span<UInt8>, limit: Int
    ) throws(ProtocolViolation) -> [UInt8] {
        var message: [UInt8] = []
        // Whoever ends with a final block may have left out the empty one that the tail completes.
        if try run(payload, limit: limit, into: &message) != .after_final_block,
            try run(Self.tail.span, limit: limit, into: &message) == .inside_block
        {
            throw .compressionInvalid
        }
        return message
    }

    /// Appends what comes of `input`, in runs for which the message doubles. Returns where the
    /// input ends.
    private func run(
        _ input: Span<UInt8>, limit: Int, into message: inout [UInt8]
    ) throws(ProtocolViolation) -> czlib_place {
        var used = 0
        while true {
            // One byte more than allowed shows that the message is too big.
            if message.count == message.capacity {
                let wanted = max(Self.leastRoom, 2 * input.count, 2 * message.count)
                message.reserveCapacity(min(wanted, limit) + 1)
            }
            let room = min(message.capacity - message.count - 1, limit - message.count) + 1
            let progress = stream.run(input.extracting(used...), room: room, into: &message)
            used += progress.consumed
            guard message.count <= limit else { throw .messageTooBig }
            switch progress.place {
            case .corrupt: throw .compressionInvalid
            case .after_final_block: if used == input.count { return progress.place }
            // Without room left over, more of the message may be on its way.
            case .inside_block, .between_blocks:
                if used == input.count, progress.produced < room { return progress.place }
            }
        }
    }
}
