internal import Chat

/// Changes that wait because a purge takes its time: the texts of many lines leave memory in slices
/// of several ticks. What comes after it waits, so that all changes keep their order.
struct CutQueue {
    /// Deleted lines above which a change takes effect in slices.
    static let fewLines = 100
    /// Bytes of chunks that one tick looks at.
    static let slice = 262_144

    enum Item {
        case change(RoomChange, RoomName)
        /// The answer to the change with this id.
        case answer(UInt64, ChangeAnswer)
    }

    private var items: [Item] = []
    /// The chunks that the first change has yet to look at, with our references. Nil if it hasn't
    /// begun.
    private var chunks: [ChunkID]?
    /// The chunks that need no look any more, with our references: a number that is used again
    /// would be taken for one of them.
    private(set) var seen: Set<ChunkID> = []

    var isEmpty: Bool { items.isEmpty }
    var first: Item? { items.first }
    var hasBegun: Bool { chunks != nil }

    mutating func append(_ item: Item) { items.append(item) }

    /// The first change looks at these chunks. The queue takes the references.
    mutating func begin(_ chunks: [ChunkID]) { self.chunks = chunks }

    /// The next chunks, about a slice of them, with the references. Empty if there are none left.
    mutating func takeSlice(of pool: borrowing ChunkPool) -> [ChunkID] {
        var (slice, bytes) = ([ChunkID](), 0)
        while bytes < Self.slice, let next = chunks?.popLast() {
            slice.append(next)
            bytes += pool.length(next)
        }
        return slice
    }

    /// These chunks need no look any more. The queue takes the references.
    mutating func saw(_ chunks: [ChunkID]) { seen.formUnion(chunks) }

    /// The first item is done. Returns all chunks of which the queue had references.
    mutating func removeFirst() -> [ChunkID] {
        items.removeFirst()
        defer { (chunks, seen) = (nil, []) }
        return (chunks ?? []) + seen
    }
}
