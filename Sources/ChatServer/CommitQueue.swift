internal import Chat
internal import Reactor

/// Lines on their way to the store, in the order in which they were said.
///
/// One group is being committed, the next one collects meanwhile: so groups form by themselves, as
/// large as the store is slow. Each line has a ticket, by which it is found while it is here;
/// tickets count up from 0, and those of the lines here are consecutive.
struct CommitQueue {
    struct Entry {
        let draft: Draft
        /// Who said it, and wants to know what becomes of it.
        let sender: Token
        /// Who has said it again meanwhile, on other connections or this one.
        var others: [Token] = []
        /// Bytes that it counts for.
        var cost: Int { draft.message.utf8.count + MemoryLayout<Entry>.stride }
    }

    private var committing: [Entry] = []
    private var collecting: [Entry] = []
    private var firstTicket: UInt64 = 0
    /// Bytes of all lines here.
    private(set) var bytes = 0

    /// Lines here.
    var count: Int { committing.count + collecting.count }
    var isEmpty: Bool { count == 0 }

    /// Whether the group that is being committed has lines of a room.
    func isCommitting(linesOf room: RoomName) -> Bool {
        committing.contains { $0.draft.room == room }
    }

    /// The line waits for its group; its ticket.
    mutating func append(_ draft: Draft, from sender: Token) -> UInt64 {
        let entry = Entry(draft: draft, sender: sender)
        bytes += entry.cost
        collecting.append(entry)
        return firstTicket + UInt64(count) - 1
    }

    /// Somebody else wants to know what becomes of a line that is here.
    mutating func awaited(_ ticket: UInt64, by sender: Token) {
        let place = Int(ticket - firstTicket)
        if place < committing.count {
            committing[place].others.append(sender)
        } else {
            collecting[place - committing.count].others.append(sender)
        }
    }

    /// The next group, at most `limit` lines; nil while one is being committed, and if none waits.
    mutating func nextGroup(atMost limit: Int) -> [Draft]? {
        guard committing.isEmpty, !collecting.isEmpty else { return nil }
        if collecting.count <= limit {
            swap(&committing, &collecting)
        } else {
            committing = Array(collecting[..<limit])
            collecting.removeFirst(limit)
        }
        return committing.map(\.draft)
    }

    /// The group that was being committed, which is done, or has failed.
    mutating func takeGroup() -> [Entry] {
        let group = committing
        committing = []
        firstTicket += UInt64(group.count)
        for entry in group { bytes -= entry.cost }
        return group
    }
}
