/// What authors have said lately, in rooms with slow mode or without repeats. An author is a user,
/// or a guest's connection. Authors of other rooms take no memory.
struct RecentAuthors: Sendable {
    /// An author in a room.
    struct Key: Hashable {
        let room: RoomName
        let user: ByteText?
        let guest: UInt64
    }

    /// How long a text counts as said, in milliseconds.
    static let period: UInt64 = 60_000
    /// Last lines, and texts, that are known. Beyond it, all are forgotten, and may be said again.
    private static let limit = 65_536
    /// Bytes of memory for each of them.
    private static let lineBytes = 160
    private static let textBytes = 32

    /// When authors said their last lines, in monotonic milliseconds.
    private var lines: [Key: UInt64] = [:]
    /// When a text was said, by a hash of the author and the text under a secret of this process.
    private var texts: [Int: UInt64] = [:]
    /// The number of texts from which on old ones are looked for.
    private var sweepAt = 1_024
    /// Guests that have an entry, each with a number of its own: the next connection may be the
    /// same member.
    private var guests: [MemberID: UInt64] = [:]
    private var lastGuest: UInt64 = 0

    var bytes: Int { lines.count * Self.lineBytes + texts.count * Self.textBytes }

    mutating func key(_ member: MemberID, _ author: Author, in room: RoomName) -> Key {
        if let user = author.user { return Key(room: room, user: ByteText(user), guest: 0) }
        if let number = guests[member] { return Key(room: room, user: nil, guest: number) }
        lastGuest += 1
        guests[member] = lastGuest
        return Key(room: room, user: nil, guest: lastGuest)
    }

    /// A member is gone.
    mutating func gone(_ member: MemberID) {
        if !guests.isEmpty { guests[member] = nil }
    }

    /// When an author has said its last line.
    func lastLine(of author: Key) -> UInt64? { lines[author] }

    /// An author says a line.
    mutating func said(by author: Key, at now: UInt64) {
        if lines.count >= Self.limit { lines = [:] }
        lines[author] = now
    }

    /// Whether an author has said this text lately.
    func hasSaid(_ digest: UInt64, by author: Key, at now: UInt64) -> Bool {
        guard let time = texts[Self.hash(digest, author)] else { return false }
        return now < time + Self.period
    }

    /// An author says this text.
    mutating func said(_ digest: UInt64, by author: Key, at now: UInt64) {
        if texts.count >= sweepAt { sweep(at: now) }
        texts[Self.hash(digest, author)] = now
    }

    /// A line wasn't said, because it could not be stored: its author may try again. Nobody knows
    /// which text it was.
    mutating func forgetTexts() {
        if !texts.isEmpty { texts = [:] }
    }

    private mutating func sweep(at now: UInt64) {
        texts = texts.filter { now < $0.value + Self.period }
        if texts.count >= Self.limit { texts = [:] }
        sweepAt = max(2 * texts.count, 1_024)
    }

    private static func hash(_ digest: UInt64, _ author: Key) -> Int {
        var hasher = Hasher()
        hasher.combine(author)
        hasher.combine(digest)
        return hasher.finalize()
    }
}
