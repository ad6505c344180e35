internal import CZlib

/// Decompresses the payloads of one direction of permessage-deflate (RFC 7692 §7.2.2).
public final class Inflater {
    /// The end of a sync flush, which a payload lacks (§7.2.1).
    static let tail: [UInt8] = [0x00, 0x00, 0xFF, 0xFF]
    /// The capacity in bytes for the first run over a small message.
    private static let leastRoom = 256

    private let stream: ZlibStream
    private let keepsContext: Bool

    /// Makes a decompressor. It takes 1 << `windowBits` bytes and about 7 KiB more. Nil if there is
    /// no memory.
    ///
    /// - Parameters:
    ///   - windowBits: 8 to 15, and not less than the bits of the peer's window.
    ///   - keepsContext: whether a message may refer to earlier ones. If not, one decompressor can
    ///     serve any number of connections. A ``Session`` can keep the context instead.
    public init?(windowBits: Int = 15, keepsContext: Bool) {
        guard let opened = ZlibStream(inflatingWithWindowBits: windowBits) else { return nil }
        stream = opened
        self.keepsContext = keepsContext
    }

    /// Decompresses a message, given its joined payloads, up to `limit` bytes.
    ///
    /// Bytes over the limit are neither produced nor kept. After an error, an inflater that keeps
    /// its context can't be used any more.
    public func inflate(
        _ payload: Span<UInt8>, limit: Int
    ) throws(ProtocolViolation) -> [UInt8] {
        if !keepsContext { stream.reset() }
        return try finish(payload, limit: limit)
    }

    /// The same for a message that may refer to `window`, which then has the end of this message,
    /// too. The inflater keeps no context of it.
    func inflate(
        _ payload: Span<UInt8>, limit: Int, behind window: inout InflateWindow
    ) throws(ProtocolViolation) -> [UInt8] {
        stream.reset(behind: window.bytes.span)
        let message = try finish(payload, limit: limit)
        window.append(message.span)
        return message
    }

    /// Decompresses a message. The stream must be at its start.
    private func finish(
        _ payload: Span<UInt8>, limit: Int
    ) throws(ProtocolViolation) -> [UInt8] {
        var message: [UInt8] = []
        // A peer that ends with a final block may have left out the empty one that the tail
        // completes.
        if try run(payload, limit: limit, into: &message) != .after_final_block,
            try run(Self.tail.span, limit: limit, into: &message) == .inside_block
        {
            throw .compressionInvalid
        }
        return message
    }

    /// Appends the output for `input`, in runs that each double the capacity. Returns where the
    /// input ends.
    private func run(
        _ input: Span<UInt8>, limit: Int, into message: inout [UInt8]
    ) throws(ProtocolViolation) -> czlib_place {
        var used = 0
        while true {
            // One byte over the limit shows that the message is too big.
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
            // If the room is full, there may be more output.
            case .inside_block, .between_blocks:
                if used == input.count, progress.produced < room { return progress.place }
            }
        }
    }
}
