internal import Reactor

/// Notices when a crowd has left much memory behind, which is then given back at a quiet moment.
struct SpareMemory {
    /// Bytes that are worth the time.
    private static let least = 4 << 20
    /// Milliseconds after which a crowd that comes back at once is there again.
    private static let patience: UInt64 = 5_000

    /// The most bytes since memory was given back.
    private var peak = 0
    /// When memory is given back. Never if there is too little to give.
    private(set) var next = CoarseTime.never

    /// So many bytes are in use.
    @inline(__always)
    mutating func saw(_ bytes: Int, at now: CoarseTime) {
        if bytes > peak {
            peak = bytes
        } else if next == .never, peak - bytes > max(Self.least, bytes) {
            next = now.advanced(byMilliseconds: Self.patience)
        }
    }

    /// The moment isn't quiet.
    mutating func postpone(at now: CoarseTime) {
        next = now.advanced(byMilliseconds: CoarseTime.step)
    }

    /// Memory was given back.
    mutating func gaveBack() {
        peak = 0
        next = .never
    }
}
