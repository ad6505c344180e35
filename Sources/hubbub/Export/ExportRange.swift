internal import Chat

/// The lines of a room that an export takes. Both ends are included.
struct ExportRange: Equatable {
    var from: ExportBound?
    var to: ExportBound?

    /// The number to begin at.
    var firstSeq: UInt64 {
        if case .seq(let seq) = from { max(seq, 1) } else { 1 }
    }

    /// The number to end at, in a room whose last line has that number.
    func lastSeq(of last: UInt64) -> UInt64 {
        if case .seq(let seq) = to { min(seq, last) } else { last }
    }

    /// Whether a line with a number in the range is in it. Times needn't be in order: a clock may
    /// have gone back.
    func contains(_ time: Timestamp) -> Bool {
        if case .time(let first) = from, time < first { return false }
        if case .time(let last) = to, time > last { return false }
        return true
    }
}
