/// Recently sent lines with a key. If a line is sent again, for instance after a reconnect, the
/// answer is the number it already has, and it isn't said twice.
///
/// A key belongs to a user in a room, or to a guest's name. It is kept as a hash of 128 bits under
/// a secret of this process: so an entry takes the same few bytes for all names, and no client can
/// make two keys collide. Entries are forgotten in the order of their arrival, ``period`` after it
/// on a monotonic clock, or earlier if they are too many. The clock of the lines may jump, and does
/// not matter.
public struct RecentSends: ~Copyable {
    /// How long a key is remembered, in milliseconds.
    public static let period: Int64 = 300_000

    /// The known state of a key.
    public enum Status: Equatable, Sendable {
        /// It wasn't sent recently.
        case new
        /// The same line is on its way to the store, as the draft with this ticket.
        case pending(ticket: UInt64)
        /// The same line has this number.
        case stored(seq: UInt64, time: Timestamp)
        /// It was sent with another text.
        case otherText
    }

    struct Key: Hashable, Sendable {
        let high: Int
        let low: Int

        init(room: RoomName, username: String, user: String?, key: String) {
            var first = Hasher()
            first.combine(room)
            // A guest's name is never taken for a user.
            first.combine(user == nil)
            first.combine(ByteText(user ?? username))
            first.combine(ByteText(key))
            // The state has 256 bits. To make both hashes collide, an attacker must make all of it
            // collide.
            var second = first
            second.combine(0 as UInt8)
            (high, low) = (first.finalize(), second.finalize())
        }

        // Both halves are random, so one is enough to place it.
        func hash(into hasher: inout Hasher) { hasher.combine(high) }
    }

    private var entries = SendTable()
    private var order = SendOrder()
    /// Keys that are remembered at most.
    private var limit: Int

    /// Makes a memory for at most `bytes` of keys. Above that the oldest are forgotten early.
    public init(bytes: Int = .max) {
        limit = max(bytes / Self.keyBytes, 1)
    }

    /// Remembers at most this many bytes from now on. Above that, each new key lets the oldest ones
    /// be forgotten.
    mutating func limitChanged(bytes: Int) { limit = max(bytes / Self.keyBytes, 1) }

    /// Bytes of memory for a key.
    static let keyBytes = SendTable.entryBytes + SendOrder.keyBytes

    /// Bytes that the keys take.
    public var bytes: Int { entries.count * Self.keyBytes }

    /// The number of known keys.
    public var count: Int { entries.count }

    /// The state of the key of `draft`, which must have one.
    public func status(of draft: Draft) -> Status {
        guard let entry = entries[Self.key(of: draft)] else { return .new }
        guard entry.digest == draft.digest else { return .otherText }
        return entry.isStored
            ? .stored(seq: entry.number, time: entry.time) : .pending(ticket: entry.number)
    }

    /// A line is on its way to the store, under a ticket that the caller chose. `now` is monotonic,
    /// in milliseconds.
    public mutating func sent(_ draft: Draft, ticket: UInt64, at now: UInt64) {
        insert(draft, number: ticket, isStored: false, at: now)
    }

    /// A line has its number at once, because it isn't stored.
    public mutating func sent(_ draft: Draft, seq: UInt64, at now: UInt64) {
        insert(draft, number: seq, isStored: true, at: now)
    }

    /// A line that was on its way has its number. If its key was forgotten in the meantime, it
    /// stays forgotten.
    public mutating func stored(_ draft: Draft, seq: UInt64) {
        let key = Self.key(of: draft)
        guard var entry = entries[key] else { return }
        (entry.number, entry.isStored) = (seq, true)
        entries[key] = entry
    }

    /// A line that was on its way could not be stored.
    public mutating func failed(_ draft: Draft) {
        entries[Self.key(of: draft)] = nil
    }

    /// Forgets all lines that have numbers. Those on their way stay known.
    mutating func forgetStored() { entries.removeStored() }

    /// Adds a line from before the server's restart. `now` and `time` are the present time on the
    /// monotonic clock and on that of lines, which tells the line's age. A clock that has jumped
    /// makes no line older than ``period``, or younger than now.
    public mutating func remember(_ send: StoredSend, at now: UInt64, time: Timestamp) {
        let (age, isTooOld) = time.milliseconds.subtractingReportingOverflow(
            send.time.milliseconds)
        let left = isTooOld ? 0 : Self.period - min(max(age, 0), Self.period)
        insert(
            send.recentKey, number: send.seq, isStored: true, time: send.time, digest: send.digest,
            until: now + UInt64(left))
    }

    /// Forgets keys that are older than ``period``, at most `limit` of them. `now` is monotonic, in
    /// milliseconds.
    public mutating func forget(at now: UInt64, atMost limit: Int) {
        if !order.isEmpty { forgetOldest(at: now, atMost: limit) }
    }

    private mutating func forgetOldest(at now: UInt64, atMost limit: Int) {
        for _ in 0..<limit {
            guard let oldest = order.oldest, oldest.until < now else { return }
            forgetOldest()
        }
    }

    private mutating func forgetOldest() {
        guard let (key, until) = order.oldest else { return }
        order.removeOldest()
        // A key that failed and was sent again has a later position.
        if let entry = entries[key], entry.mark == Self.mark(until) { entries[key] = nil }
    }

    private mutating func insert(
        _ draft: Draft, number: UInt64, isStored: Bool, at now: UInt64
    ) {
        insert(
            Self.key(of: draft), number: number, isStored: isStored, time: draft.time,
            digest: draft.digest, until: now + UInt64(Self.period))
    }

    private mutating func insert(
        _ key: Key, number: UInt64, isStored: Bool, time: Timestamp, digest: UInt64, until: UInt64
    ) {
        entries[key] = SendTable.Entry(
            number: number, isStored: isStored, mark: Self.mark(until), time: time, digest: digest)
        order.append((key, until))
        // Two, so that a smaller number of keys is reached if all of them were sent again.
        for _ in 0..<2 where entries.count > limit { forgetOldest() }
    }

    private static func mark(_ time: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: time) }

    private static func key(of draft: Draft) -> Key {
        guard let key = draft.recentKey else { preconditionFailure("the line has no key") }
        return key
    }

    /// Distinguishes texts by 64 bits that are the same on every machine and after every restart
    /// (FNV-1a, by Fowler, Noll and Vo). It needs no protection against collisions: a sender with
    /// two colliding texts only keeps its own second one from being said.
    public static func digest(of text: String) -> UInt64 {
        var digest: UInt64 = 0xCBF2_9CE4_8422_2325
        let bytes = text.utf8.span
        for index in bytes.indices {
            digest = (digest ^ UInt64(bytes[index])) &* 0x0000_0100_0000_01B3
        }
        return digest
    }
}
