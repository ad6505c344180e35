internal import Chat
internal import Reactor

/// Lines on their way to the orderer, in the order in which they were said.
///
/// One group is under way, the next one collects meanwhile: so groups form by themselves, as large
/// as the orderer is slow. Each line has an id, by which it is found while it is here; ids count up
/// from 0.
struct CommitQueue {
    /// Lines that are submitted together. The orderer is handed the array of them as it is.
    struct Group {
        fileprivate(set) var submissions: [Submission] = []
        /// Who wants to know what becomes of each.
        fileprivate(set) var askers: [Askers] = []
        /// Bytes that they count for.
        fileprivate var bytes = 0

        var count: Int { submissions.count }

        @inline(__always)
        fileprivate mutating func append(
            _ submission: consuming Submission, _ asking: consuming Askers
        ) {
            bytes += CommitQueue.cost(of: submission.draft)
            submissions.append(submission)
            askers.append(asking)
        }

        /// The place of a line with this id, which must be here.
        fileprivate func place(of id: UInt64) -> Int {
            var (low, high) = (0, submissions.count - 1)
            while low < high {
                let middle = (low + high) / 2
                if submissions[middle].id < id { low = middle + 1 } else { high = middle }
            }
            precondition(submissions[low].id == id, "no line is on its way with id \(id)")
            return low
        }
    }

    struct Askers {
        /// The connection that said it.
        let sender: Token
        /// Those that have said it again meanwhile, on other connections or this one.
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
    /// The id of the line that is appended next.
    private(set) var nextID: UInt64 = 0

    /// Bytes of all lines here.
    var bytes: Int { committing.bytes + collecting.bytes }
    /// Lines here.
    var count: Int { committing.count + collecting.count }
    var isEmpty: Bool { count == 0 }

    /// The line waits for its group; its id.
    @inline(__always)
    mutating func append(_ draft: consuming Draft, from sender: Token) -> UInt64 {
        let id = nextID
        nextID += 1
        collecting.append(Submission(id: id, draft: draft), Askers(sender: sender))
        return id
    }

    /// Somebody else wants to know what becomes of a line that is here.
    mutating func awaited(_ id: UInt64, by sender: Token) {
        if let first = collecting.submissions.first, first.id <= id {
            collecting.askers[collecting.place(of: id)].others.append(sender)
        } else {
            committing.askers[committing.place(of: id)].others.append(sender)
        }
    }

    /// The next group, at most `limit` lines; nil while one is under way, and if none waits.
    mutating func nextGroup(atMost limit: Int) -> [Submission]? {
        guard committing.count == 0, collecting.count > 0 else { return nil }
        if collecting.count <= limit {
            swap(&committing, &collecting)
            // The next group is likely to be as large.
            collecting.submissions.reserveCapacity(committing.count)
            collecting.askers.reserveCapacity(committing.count)
        } else {
            for place in 0..<limit {
                committing.append(collecting.submissions[place], collecting.askers[place])
            }
            collecting.submissions.removeFirst(limit)
            collecting.askers.removeFirst(limit)
            collecting.bytes -= committing.bytes
        }
        return committing.submissions
    }

    /// The group that was under way, which was answered.
    mutating func takeGroup() -> Group {
        let group = committing
        committing = Group()
        return group
    }

    /// Lines of that group whose fate is unknown are under way again, under their old ids.
    mutating func resubmit(_ places: [Int], of group: Group) -> [Submission] {
        precondition(committing.count == 0, "a group is under way")
        for place in places { committing.append(group.submissions[place], group.askers[place]) }
        return committing.submissions
    }

    /// Bytes that a line counts for.
    private static func cost(of draft: Draft) -> Int {
        draft.message.utf8.count + MemoryLayout<Submission>.stride + MemoryLayout<Askers>.stride
    }
}
