internal import Chat
internal import Reactor

/// Lines on their way to the store, in the order in which they were said.
///
/// One group is being committed, the next one collects meanwhile: so groups form by themselves, as
/// large as the store is slow. Each line has a ticket, by which it is found while it is here;
/// tickets count up from 0, and those of the lines here are consecutive.
struct CommitQueue {
    /// Lines that are stored together. The store is handed the array of them as it is.
    struct Group {
        fileprivate(set) var drafts: [Draft] = []
        /// Who wants to know what becomes of each.
        fileprivate(set) var askers: [Askers] = []
        /// Bytes that they count for.
        fileprivate var bytes = 0

        var count: Int { drafts.count }
    }

    struct Askers {
        /// Who said it.
        let sender: Token
        /// Who has said it again meanwhile, on other connections or this one.
        fileprivate(set) var others: [Token] = []

        /// All of them, in that order.
        @inline(__always)
        func tell(_ body: (Token) -> Void) {
            body(sender)
            for other in others { body(other) }
        }
    }

    private var committing = Group()
    private var collecting = Group()
    private var firstTicket: UInt64 = 0

    /// Bytes of all lines here.
    var bytes: Int { committing.bytes + collecting.bytes }
    /// Lines here.
    var count: Int { committing.count + collecting.count }
    var isEmpty: Bool { count == 0 }

    /// Whether the group that is being committed has lines of a room.
    func isCommitting(linesOf room: RoomName) -> Bool {
        committing.drafts.contains { $0.room == room }
    }

    /// The line waits for its group; its ticket.
    mutating func append(_ draft: Draft, from sender: Token) -> UInt64 {
        collecting.bytes += Self.cost(of: draft)
        collecting.drafts.append(draft)
        collecting.askers.append(Askers(sender: sender))
        return firstTicket + UInt64(count) - 1
    }

    /// Somebody else wants to know what becomes of a line that is here.
    mutating func awaited(_ ticket: UInt64, by sender: Token) {
        let place = Int(ticket - firstTicket)
        if place < committing.count {
            committing.askers[place].others.append(sender)
        } else {
            collecting.askers[place - committing.count].others.append(sender)
        }
    }

    /// The next group, at most `limit` lines; nil while one is being committed, and if none waits.
    mutating func nextGroup(atMost limit: Int) -> [Draft]? {
        guard committing.count == 0, collecting.count > 0 else { return nil }
        if collecting.count <= limit {
            swap(&committing, &collecting)
            // The next group is likely to be as large.
            collecting.drafts.reserveCapacity(committing.count)
            collecting.askers.reserveCapacity(committing.count)
        } else {
            committing.drafts = Array(collecting.drafts[..<limit])
            committing.askers = Array(collecting.askers[..<limit])
            committing.bytes = committing.drafts.reduce(0) { $0 + Self.cost(of: $1) }
            collecting.drafts.removeFirst(limit)
            collecting.askers.removeFirst(limit)
            collecting.bytes -= committing.bytes
        }
        return committing.drafts
    }

    /// The group that was being committed, which is done, or has failed.
    mutating func takeGroup() -> Group {
        let group = committing
        committing = Group()
        firstTicket += UInt64(group.count)
        return group
    }

    /// Bytes that a line counts for.
    private static func cost(of draft: Draft) -> Int {
        draft.message.utf8.count + MemoryLayout<Draft>.stride + MemoryLayout<Askers>.stride
    }
}
