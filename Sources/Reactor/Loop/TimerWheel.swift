/// One deadline for each connection, in buckets of ``CoarseTime``. Scheduling and cancelling cost
/// the same for any number of deadlines, and an idle wheel costs nothing.
///
/// A deadline beyond the wheel's reach (128 s) fires when its bucket comes round. The caller checks
/// its own clock anyway, because deadlines are moved lazily, and schedules the rest.
public struct TimerWheel: ~Copyable {
    /// The number of buckets, a power of two.
    @inlinable static var bucketCount: Int { 512 }
    @inlinable static var wordCount: Int { bucketCount / UInt64.bitWidth }
    private static let none = UInt32.max

    struct Link {
        var next = TimerWheel.none
        var previous = TimerWheel.none
    }

    private var heads = OwnedArray(repeating: none, count: bucketCount)
    /// One bit for each bucket that holds a deadline.
    @usableFromInline var occupied = OwnedArray<UInt64>(repeating: 0, count: wordCount)
    private var links = OwnedArray<Link>()
    /// The bucket of each index; `bucketCount` if it is in none.
    private var buckets = OwnedArray<UInt16>()
    @usableFromInline var current: CoarseTime
    /// The number of scheduled deadlines.
    public private(set) var count = 0

    public init(now: CoarseTime) {
        current = now
    }

    /// Sets the deadline of `index` and replaces an earlier one. A deadline that is already due
    /// fires with the next step.
    public mutating func schedule(_ index: Int, at deadline: CoarseTime) {
        cancel(index)
        while links.count <= index {
            links.append(Link())
            buckets.append(UInt16(Self.bucketCount))
        }
        let ahead = min(
            max(Int(deadline.steps) - Int(current.steps), 1), Self.bucketCount - 1)
        let bucket = (Int(current.steps) + ahead) % Self.bucketCount
        let head = heads[bucket]
        links[index] = Link(next: head, previous: Self.none)
        buckets[index] = UInt16(bucket)
        if head != Self.none { links[Int(head)].previous = UInt32(index) }
        heads[bucket] = UInt32(index)
        occupied[bucket / UInt64.bitWidth] |= 1 << UInt64(bucket % UInt64.bitWidth)
        count += 1
    }

    /// Cancels the deadline of `index`, if there is one.
    public mutating func cancel(_ index: Int) {
        guard index < links.count else { return }
        let (link, bucket) = (links[index], Int(buckets[index]))
        guard bucket < Self.bucketCount else { return }
        if link.previous == Self.none {
            heads[bucket] = link.next
            if link.next == Self.none {
                occupied[bucket / UInt64.bitWidth] &= ~(1 << UInt64(bucket % UInt64.bitWidth))
            }
        } else {
            links[Int(link.previous)].next = link.next
        }
        if link.next != Self.none { links[Int(link.next)].previous = link.previous }
        buckets[index] = UInt16(Self.bucketCount)
        count -= 1
    }

    /// Moves on to `now` and appends the indices whose deadlines have passed to `due`.
    public mutating func advance(to now: CoarseTime, due: inout [Int]) {
        guard current < now else { return }
        let steps = min(Int(now.steps - current.steps), Self.bucketCount)
        for step in 1...steps where count > 0 {
            let bucket = (Int(current.steps) + step) % Self.bucketCount
            while heads[bucket] != Self.none {
                let index = Int(heads[bucket])
                cancel(index)
                due.append(index)
            }
        }
        current = now
    }

    /// Steps from now to the next bucket that holds a deadline. Nil if none is scheduled.
    // Inlinable: otherwise the call, which changes nothing, would get a copy of the wheel.
    @inlinable @inline(__always)
    public var stepsToNext: Int? {
        guard count > 0 else { return nil }
        let first = (Int(current.steps) + 1) % Self.bucketCount
        var word = first / UInt64.bitWidth
        var bits = occupied[word] & .max << UInt64(first % UInt64.bitWidth)
        // The last round checks the first word again, for the buckets before the first one.
        for _ in 0...Self.wordCount {
            if bits != 0 {
                let bucket = word * UInt64.bitWidth + bits.trailingZeroBitCount
                return (bucket - first) & (Self.bucketCount - 1) + 1
            }
            word = (word + 1) % Self.wordCount
            bits = occupied[word]
        }
        return nil
    }
}
