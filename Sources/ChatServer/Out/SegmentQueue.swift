/// The segments of one lane of an outbound ring, first in, first out. The first two are in the
/// struct itself. A ring buffer is allocated for a third and freed when it is empty, so that an
/// idle client owns none.
struct SegmentQueue {
    private var first = ChunkID.none
    private var second = ChunkID.none
    private(set) var count: UInt32 = 0
    /// The index of the oldest entry of `ring`, which holds `count - 2` entries.
    private var oldest: UInt32 = 0
    /// Its length is 0 or a power of two.
    private var ring: [ChunkID] = []

    static let inline = 2
    private static let smallestRing = 8

    var isEmpty: Bool { count == 0 }

    /// The segment that has waited longest.
    var front: ChunkID? { count == 0 ? nil : first }

    /// The segment at `place`; 0 is the front.
    subscript(place: Int) -> ChunkID {
        precondition(place < Int(count))
        switch place {
        case 0: return first
        case 1: return second
        default: return ring[(Int(oldest) + place - Self.inline) & (ring.count - 1)]
        }
    }

    @inline(__always)
    mutating func append(_ id: ChunkID) {
        switch count {
        case 0: first = id
        case 1: second = id
        default: appendToRing(id)
        }
        count += 1
    }

    @inline(never)
    private mutating func appendToRing(_ id: ChunkID) {
        let waiting = Int(count) - Self.inline
        if waiting == ring.count { grow() }
        ring[(Int(oldest) + waiting) & (ring.count - 1)] = id
    }

    /// Removes the front. There must be one.
    @inline(__always)
    mutating func removeFirst() {
        precondition(count > 0)
        first = second
        if count > Self.inline { removeFirstOfRing() }
        count -= 1
    }

    @inline(never)
    private mutating func removeFirstOfRing() {
        second = ring[Int(oldest)]
        oldest = (oldest + 1) & UInt32(ring.count - 1)
        if count == Self.inline + 1 {
            ring = []
            oldest = 0
        }
    }

    private mutating func grow() {
        var larger: [ChunkID] = []
        larger.reserveCapacity(max(Self.smallestRing, ring.count * 2))
        larger.append(contentsOf: ring[Int(oldest)...])
        larger.append(contentsOf: ring[..<Int(oldest)])
        let padding = max(Self.smallestRing, ring.count * 2) - larger.count
        larger.append(contentsOf: repeatElement(.none, count: padding))
        ring = larger
        oldest = 0
    }
}
