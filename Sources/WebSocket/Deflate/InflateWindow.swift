/// The last bytes of a peer's compressed messages, which its next message may refer to (RFC 7692
/// §7.1.1).
///
/// This is the whole state between two messages, because each message ends with a complete block at
/// a byte boundary (§7.2.1). So one inflater can serve any number of peers that keep their context.
/// Each costs as many bytes as it has sent, but at most its window. A zlib state would take 7 KiB
/// more.
struct InflateWindow {
    /// The bytes that a window costs besides its contents: those of the array and of its owner.
    static let overhead = 256
    /// The capacity in bytes that is reserved for the first message.
    private static let leastCapacity = 256

    /// The last bytes of the messages, at most `limit`.
    private(set) var bytes: [UInt8] = []
    private let limit: Int

    init(bits: Int) {
        precondition(ZlibStream.windowBits.contains(bits))
        limit = 1 << bits
    }

    /// Bytes of memory that the window takes now.
    var cost: Int { bytes.capacity + Self.overhead }

    /// The largest number of bytes that a window of this size takes.
    static func largestCost(bits: Int) -> Int {
        // An allocation may be rounded up, and the array uses that.
        (1 << bits) + 64 + overhead
    }

    /// Adds a message.
    mutating func append(_ message: Span<UInt8>) {
        let end = message.extracting(last: limit)
        bytes.removeFirst(max(bytes.count + end.count - limit, 0))
        let count = bytes.count + end.count
        if count > bytes.capacity {
            let wanted = max(count, 2 * bytes.capacity, Self.leastCapacity)
            bytes.reserveCapacity(min(wanted, limit))
        }
        bytes.append(end)
    }
}
