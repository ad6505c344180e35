internal import Chat

/// The recent changes of one room, oldest first, for members that are behind and for lines that
/// were read before they were deleted.
struct RoomChanges {
    /// The number of changes that are kept.
    static let limit = 1_024
    /// Bytes of events above which the oldest changes are dropped.
    static let byteLimit = 262_144

    struct Entry {
        let rev: UInt64
        /// The number of the last line before the change.
        let after: UInt64
        fileprivate let time: Timestamp
        /// What members that take changes get. Most bans are none of their business.
        fileprivate(set) var events: [[UInt8]]
        /// Whether an event has texts of lines.
        fileprivate let hasTexts: Bool
        fileprivate let gone: [UInt64]
    }

    private var entries: [Entry] = []
    private(set) var bytes = 0
    /// The last change, 0 before the first.
    private(set) var last: UInt64 = 0
    /// The lines that are gone, each with the last change that took it.
    private var gone: [UInt64: UInt64] = [:]

    /// The changes after this one are here.
    var keptRev: UInt64 { entries.first.map { $0.rev - 1 } ?? last }

    /// Begins after a change, without those before it.
    init(after rev: UInt64 = 0) { last = rev }

    /// Takes the next change, or one after a hole, which makes the earlier ones useless.
    mutating func append(_ change: RoomChange, _ events: [[UInt8]]) {
        if change.rev != last + 1 { self = RoomChanges() }
        let lines = change.goneLines
        entries.append(
            Entry(
                rev: change.rev, after: change.after, time: change.time, events: events,
                hasTexts: change.kind.bringsBack, gone: lines))
        last = change.rev
        bytes += Self.bytes(of: events)
        for seq in lines { gone[seq] = change.rev }
        // Lines that are back may be shown.
        if case .restored(let restored) = change.kind {
            for seq in restored.seqs { gone[seq] = nil }
        }
        while entries.count > Self.limit || bytes > Self.byteLimit && entries.count > 1 {
            dropFirst()
        }
    }

    /// Lines are taken, perhaps again: events about their return lose their texts.
    mutating func cut(_ lines: LineCut) {
        for place in entries.indices where entries[place].hasTexts {
            bytes -= Self.bytes(of: entries[place].events)
            entries[place].events = entries[place].events.map { lines.rest(ofEvent: $0) ?? $0 }
            bytes += Self.bytes(of: entries[place].events)
        }
    }

    private static func bytes(of events: [[UInt8]]) -> Int {
        events.reduce(0) { $0 + $1.count }
    }

    private mutating func dropFirst() {
        let entry = entries.removeFirst()
        bytes -= Self.bytes(of: entry.events)
        for seq in entry.gone where gone[seq] == entry.rev { gone[seq] = nil }
    }

    /// Whether the changes up to `last` are also those of a snapshot of another epoch. If the last
    /// one is, those before it are.
    func areKnown(to snapshot: RoomSnapshot) -> Bool {
        guard last > 0 else { return true }
        guard let own = entries.last, let other = snapshot.changes.last(where: { $0.rev == last })
        else { return false }
        return own.time == other.time && own.after == other.after && own.gone == other.goneLines
    }

    /// The first change after `rev` that comes before line `cursor + 1`.
    func next(after rev: UInt64, upTo cursor: UInt64) -> Entry? {
        guard let first = entries.first, rev < last else { return nil }
        let place = rev < first.rev ? 0 : Int(rev + 1 - first.rev)
        return entries[place].after <= cursor ? entries[place] : nil
    }

    /// The change after which a member goes on that has seen `rev`. If that one has several events,
    /// the member may have left between them, and gets them again.
    func known(by rev: UInt64) -> UInt64 {
        guard let first = entries.first, first.rev <= rev, rev <= last,
            entries[Int(rev - first.rev)].events.count > 1
        else { return rev }
        return rev - 1
    }

    /// The last change before line `seq`, or before the oldest that is kept.
    func rev(before seq: UInt64) -> UInt64 {
        var (low, high) = (0, entries.count)
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].after < seq { low = middle + 1 } else { high = middle }
        }
        return low > 0 ? entries[low - 1].rev : keptRev
    }

    /// The last line after `cursor` and before a change. Nil if no change follows.
    func boundary(after cursor: UInt64) -> UInt64? {
        entries.first { $0.after > cursor }?.after
    }

    /// Whether a line was deleted lately.
    func hasTaken(_ seq: UInt64) -> Bool { gone[seq] != nil }

    var hasTakenAny: Bool { !gone.isEmpty }
}
