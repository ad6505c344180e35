internal import Reactor

/// How long the oldest line has waited for the store, and whether that was told. A disk that hangs
/// reports no failure, so time is the only sign of it.
struct StorePatience {
    /// When the oldest line of the group that is under way was said, and the oldest one behind it.
    private var submitted = CoarseTime.never
    private var collecting = CoarseTime.never
    /// When to tell that the disk seems to hang. Never if no line waits, or if it was told.
    private(set) var ends = CoarseTime.never
    private var isTold = false

    /// No line waits.
    @inline(__always)
    mutating func settled() { (submitted, collecting, ends) = (.never, .never, .never) }

    /// Lines wait for the group that is under way.
    mutating func collected(at now: CoarseTime) {
        if collecting == .never { collecting = now }
        if ends == .never, !isTold { ends = limit(of: oldest) }
    }

    /// The lines that waited are under way now, some or all.
    mutating func submitted(all: Bool, at now: CoarseTime) {
        submitted = collecting
        if all { collecting = .never }
        if now < limit(of: submitted) { isTold = false }
        ends = isTold ? .never : limit(of: submitted)
    }

    /// Whether a line has waited for so long that the disk seems to hang.
    func isOver(at now: CoarseTime) -> Bool { oldest != .never && limit(of: oldest) <= now }

    /// It was told that the disk seems to hang. It is told again once lines were stored in time.
    mutating func told() { (isTold, ends) = (true, .never) }

    private var oldest: CoarseTime { min(submitted, collecting) }

    private func limit(of start: CoarseTime) -> CoarseTime {
        start.advanced(byMilliseconds: Limits.storePatience)
    }
}
