internal import Chat
internal import Reactor

/// What a user has seen of a room, over all connections. The cursor is the point where a new
/// connection continues.
struct RoomProgress: Sendable {
    /// A line's position relative to those before it.
    enum Place: Equatable {
        /// Seen before.
        case old
        case next
        /// These lines are missing before it.
        case behind(ServerEvent.Gap)
    }

    /// The way a room was entered.
    enum Entrance: Equatable {
        case first
        /// The missed lines follow, or are reported by number.
        case resumed
        /// It isn't known what was missed: the numbers mean other lines now.
        case jumped
    }

    enum Membership: Equatable {
        case outside
        case joining(id: String)
        case inside
        /// The server asks for another attempt at that time.
        case waiting(until: Instant)
        case refused
    }

    let name: String
    var membership = Membership.outside
    /// The epoch of the cursor. Nil before the room was entered.
    private(set) var epoch: String?
    /// The last number that was seen, or that can be skipped.
    private(set) var cursor: UInt64 = 0
    /// The number of the last change that was seen, 0 before the first.
    private(set) var rev: UInt64 = 0
    /// The last change, and the last line, at the last join. The changes before it arrive before
    /// the first line after that one.
    private var changesAtJoin: (rev: UInt64, seq: UInt64)?
    /// Whether the next line may have any number: the first that is stored, or requested.
    private var takesAny = false

    init(name: String) {
        self.name = name
    }

    /// How to enter now. On the first entry, asks for this many of the last lines.
    func entry(historyLines: Int) -> ClientCommand.Entry {
        guard let epoch else { return .history(historyLines) }
        return .after(epoch: epoch, seq: cursor)
    }

    mutating func joined(_ joined: ServerEvent.Joined, historyLines: Int) -> Entrance {
        membership = .inside
        let isFirst = epoch == nil
        let isSameNumbering = joined.recovered == true || joined.epoch == epoch
        epoch = joined.epoch
        if joined.recovered != true { rev = joined.rev ?? 0 }
        changesAtJoin = joined.rev.map { ($0, joined.seq) }
        // A last number below the cursor contradicts the numbering.
        if !isFirst, isSameNumbering, joined.seq >= cursor { return .resumed }
        let lines = isFirst ? historyLines : JoinStart.standardLines
        cursor = joined.seq - min(joined.seq, UInt64(lines))
        takesAny = cursor < joined.seq
        return isFirst ? .first : .jumped
    }

    /// A line has arrived, or a tombstone in its place.
    mutating func received(seq: UInt64) -> Place {
        defer { (cursor, takesAny) = (takesAny ? seq : max(cursor, seq), false) }
        if let join = changesAtJoin, seq > join.seq { changed(rev: join.rev) }
        if takesAny { return .next }
        if seq <= cursor { return .old }
        if seq - 1 == cursor { return .next }
        return .behind(ServerEvent.Gap(room: name, from: cursor + 1, to: seq - 1))
    }

    /// A change has arrived. If it may have further events, it is requested again.
    mutating func changed(rev: UInt64, mayGoOn: Bool = false) {
        self.rev = max(self.rev, mayGoOn && rev > 0 ? rev - 1 : rev)
    }

    /// The missing lines of a gap. Nil if they were seen.
    mutating func received(_ gap: ServerEvent.Gap) -> ServerEvent.Gap? {
        if let rev = gap.rev { changed(rev: rev) }
        guard takesAny || gap.to > cursor else { return nil }
        defer { (cursor, takesAny) = (gap.to, false) }
        return takesAny ? gap : ServerEvent.Gap(room: name, from: cursor + 1, to: gap.to)
    }

    /// Another epoch has begun. Returns the lines that are missing before those that follow, and
    /// how many of those that were seen are lost.
    mutating func began(_ event: ServerEvent.Epoch) -> (
        missing: ServerEvent.Gap?, lost: UInt64
    ) {
        defer { (epoch, cursor, changesAtJoin) = (event.epoch, event.seq, nil) }
        guard !takesAny else { return (nil, 0) }
        guard cursor < event.seq else { return (nil, cursor - event.seq) }
        return (ServerEvent.Gap(room: name, from: cursor + 1, to: event.seq), 0)
    }

    /// The connection has ended. A refused room stays refused on the next one.
    mutating func disconnected() {
        if membership != .refused { membership = .outside }
    }
}
