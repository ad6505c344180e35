internal import CZlib

/// Compresses the payloads of one direction of permessage-deflate (RFC 7692 §7.2.1).
public final class Deflater {
    private let stream: ZlibStream
    private let keepsContext: Bool

    /// Makes a compressor. It takes 4 << `windowBits` bytes and 512 << `memoryLevel` more. Nil if
    /// there is no memory.
    ///
    /// - Parameters:
    ///   - windowBits: the size of the peer's window, 8 to 15 bits.
    ///   - keepsContext: whether a message may refer to earlier ones. If not, one compressor can
    ///     serve any number of connections.
    ///   - level: 0 to 9, from fast to small.
    ///   - memoryLevel: 1 to 9.
    public init?(windowBits: Int, keepsContext: Bool, level: Int = 6, memoryLevel: Int = 8) {
        let opened = ZlibStream(
            deflatingWithWindowBits: windowBits, level: level, memoryLevel: memoryLevel)
        guard let opened else { return nil }
        stream = opened
        self.keepsContext = keepsContext
    }

    /// Appends the compressed form of a whole message, to be sent with RSV1.
    public func deflate(_ message: Span<UInt8>, into output: inout [UInt8]) {
        // An empty stored block without its end (§7.2.3.6). zlib produces nothing for a second
        // flush.
        guard !message.isEmpty else { return output.append(0) }
        if !keepsContext { stream.reset() }
        var used = 0
        var isFlushed = false
        while !isFlushed {
            let rest = message.extracting(used...)
            // zlib's bound for any level and data is below this, so one run is enough.
            let room = rest.count + rest.count / 8 + 128
            let progress = stream.run(rest, room: room, into: &output)
            used += progress.consumed
            isFlushed = used == message.count && progress.produced < room
        }
        output.removeLast(Inflater.tail.count)
    }
}
