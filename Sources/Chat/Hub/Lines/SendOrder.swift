/// The keys of recently sent lines in the order of their arrival, and when they are forgotten, in
/// monotonic milliseconds. They are in blocks of the same size. So growing moves no key, and memory
/// is given back as the oldest ones are forgotten.
struct SendOrder {
    typealias Element = (key: RecentSends.Key, until: UInt64)

    private static let blockSize = 1_024
    /// Bytes of memory for a key.
    static let keyBytes = MemoryLayout<Element>.stride

    private var blocks: [[Element]] = []
    /// The place of the oldest key in the first block.
    private var start = 0

    var isEmpty: Bool { blocks.isEmpty }
    /// The key that was added first.
    var oldest: Element? { blocks.first?[start] }

    mutating func append(_ element: Element) {
        if blocks.last.map({ $0.count == Self.blockSize }) ?? true {
            var block: [Element] = []
            // A crowd needs whole blocks; a few lines don't.
            if !blocks.isEmpty { block.reserveCapacity(Self.blockSize) }
            blocks.append(block)
        }
        blocks[blocks.count - 1].append(element)
    }

    /// Removes the oldest key. There must be one.
    mutating func removeOldest() {
        start += 1
        guard start == blocks[0].count else { return }
        blocks.removeFirst()
        start = 0
    }
}
