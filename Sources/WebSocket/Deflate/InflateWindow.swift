/// The end of what a peer has said in compressed messages, to which its next one may refer (RFC
/// 7692 §7.1.1).
///
/// It is all that passes from one message to the next, because each ends with a whole block at a
/// whole byte (§7.2.1). So one inflater serves any number of peers that keep their context, each of
/// which costs what it has said, its window at most. zlib's own state would take 7 KiB more.
struct InflateWindow {
    /// Bytes that are counted for a window beside its own: the array's, and what it lies in.
    static let overhead = 256
    /// Bytes that are made room for when the first message comes.
    private static let leastCapacity = 256

    /// The last bytes of the messages, `limit` at most.
    private(set) var bytes: [UInt8] = []
    private let limit: Int

    init(bits: Int) {
        precondition(ZlibStream.windowBits.contains(bits))
        limit = 1 << bits
    }

    /// Bytes of memory that the window takes now.
    var cost: Int { bytes.capacity + Self.overhead }

    /// Bytes of memory that a window of so many bits takes at most.
    static func largestCost(bits: Int) -> Int {
        // An array may get what its allocation is rounded up by.
        (1 << bits) + 64 + overhead
    }

    /// Takes a message up.
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
