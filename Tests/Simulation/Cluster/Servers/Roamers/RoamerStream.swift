/// The events of a room on one connection of a roamer.
struct RoamerStream {
    private(set) var epoch: String
    /// The number of the next line. Nil until the first has arrived.
    private(set) var next: UInt64?
    /// The last change that it knows.
    var rev: UInt64
    /// The lines that it was promised begin here, and those that have come.
    private(set) var first: UInt64?
    private(set) var seen: Set<UInt64> = []
    /// The last known number of members.
    var members: Int

    init(epoch: String, next: UInt64?, rev: UInt64, members: Int) {
        (self.epoch, self.next, first) = (epoch, next, next)
        (self.rev, self.members) = (rev, members)
    }

    /// The last line that was received or skipped. Nil if it isn't known where the stream began.
    var cursor: UInt64? { next.map { $0 - 1 } }

    /// A line or what is left of it has arrived. Returns the numbers that were left out.
    mutating func heard(_ seq: UInt64) -> Range<UInt64>? {
        let expected = next ?? seq
        if first == nil { first = seq }
        next = seq + 1
        seen.insert(seq)
        return expected < seq ? expected..<seq : nil
    }

    /// Lines up to a number were skipped, and the client was told so.
    mutating func skipped(through seq: UInt64) {
        (next, first) = (seq + 1, seq + 1)
        seen = []
    }

    /// Another epoch has begun at a number.
    mutating func epochBegan(_ epoch: String, after seq: UInt64) {
        self.epoch = epoch
        // Changes may be lost, so that their numbers come again.
        rev = 0
        skipped(through: seq)
    }
}
