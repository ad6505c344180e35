internal import Chat
internal import Reactor

/// Lines on their way to the orderer, in the order in which they were said.
///
/// One group is pending while the next one collects lines. So groups become as large as the orderer
/// is slow. Each line has an id, which identifies it while it is here. Ids count up from 0.
struct CommitQueue {
    /// Lines that are submitted together. The orderer gets their array unchanged.
    struct Group {
        fileprivate(set) var submissions: [Submission] = []
        /// The connections that wait for the outcome of each line.
        fileprivate(set) var askers: [Askers] = []
        /// Bytes that the lines count for.
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

        /// The index of the line with this id, which must be here.
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
        /// No connection waits for the line.
        fileprivate static let nobody = Askers(sender: Token(index: 0, generation: 0))

        /// The connection that said the line.
        let sender: Token
        /// Connections that have said it again in the meantime, possibly the same one.
        fileprivate(set) var others: [Token] = []

        fileprivate var isNobody: Bool { sender == Self.nobody.sender && others.isEmpty }

        /// Calls `body` for all of them, in that order.
        @inline(__always)
        func tell(_ body: (Token) -> Void) {
            body(sender)
            for other in others { body(other) }
        }
    }

    private var committing = Group()
    private var collecting = Group()
    /// The id of the next line.
    private(set) var nextID: UInt64 = 0

    /// Bytes of all lines here.
    var bytes: Int { committing.bytes + collecting.bytes }
    /// The number of lines here.
    var count: Int { committing.count + collecting.count }
    var isEmpty: Bool { count == 0 }
    /// Whether lines wait for the next group.
    var isCollecting: Bool { collecting.count > 0 }

    /// Adds a line to the collecting group. Returns its id.
    @inline(__always)
    mutating func append(_ draft: consuming Draft, from sender: Token) -> UInt64 {
        let id = nextID
        nextID += 1
        collecting.append(Submission(id: id, draft: draft), Askers(sender: sender))
        return id
    }

    /// Another connection waits for the outcome of a line that is here.
    mutating func awaited(_ id: UInt64, by sender: Token) {
        if let first = collecting.submissions.first, first.id <= id {
            collecting.askers[collecting.place(of: id)].others.append(sender)
        } else {
            committing.askers[committing.place(of: id)].others.append(sender)
        }
    }

    /// The next group, at most `limit` lines. Nil while one is pending, and if no line waits.
    mutating func nextGroup(atMost limit: Int) -> [Submission]? {
        guard committing.count == 0, collecting.count > 0 else { return nil }
        if collecting.count <= limit {
            swap(&committing, &collecting)
            // The next group is likely to have the same size.
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

    /// Takes the pending group, which was answered.
    mutating func takeGroup() -> Group {
        let group = committing
        committing = Group()
        return group
    }

    /// A line and the connections that wait for its outcome.
    typealias Unanswered = (draft: Draft, askers: Askers)

    /// Takes the connections that wait for lines of the pending group. They get no other answer.
    mutating func takeUnanswered() -> [Unanswered] {
        var taken: [Unanswered] = []
        for place in committing.submissions.indices where !committing.askers[place].isNobody {
            taken.append((committing.submissions[place].draft, committing.askers[place]))
            committing.askers[place] = .nobody
        }
        return taken
    }

    /// Takes the lines that wait for the next group. They won't be submitted.
    mutating func takeCollecting() -> [Unanswered] {
        let group = collecting
        collecting = Group()
        return group.submissions.indices.map { place in
            (group.submissions[place].draft, group.askers[place])
        }
    }

    /// Lines of that group with an unknown outcome are pending again, with their old ids.
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
