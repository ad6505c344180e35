internal import Chat
internal import ChatCluster

/// A node of a simulated cluster with a small server. It checks the contract of an orderer.
struct ClusterNode {
    let run: NodeRun
    let truth: ClusterTruth
    private(set) var shards: ShardSet
    var rooms: [RoomName: Following] = [:]
    private(set) var isReady = false
    private(set) var isFailing = false
    private(set) var wasFailing = false
    private var inbox: [OrdererReply] = []
    private var isTaking = false
    private var waiting: [Submission] = []
    private var underWay: [Submission] = []
    private var lines: UInt64 = 0
    /// The rooms of lines that have failed, until they are taken.
    private var failures: Set<RoomName> = []
    /// Reads that have failed, and when they are tried again.
    private var failedReads: [(room: RoomName, from: UInt64, time: UInt64)] = []

    init(_ run: NodeRun, shards: Int, truth: ClusterTruth, at now: UInt64) {
        (self.run, self.truth) = (run, truth)
        self.shards = ShardSet(run, shards: shards, at: now)
    }

    var name: String { "\(run.name.text).\(run.number)" }
    var hasLines: Bool { !underWay.isEmpty || !waiting.isEmpty }
    var refusal: String? { shards.refusal }

    /// When ``timePassed(to:)`` has something to do.
    var deadline: UInt64 {
        let retries = rooms.values.compactMap(\.retry) + failedReads.map(\.time)
        return min(shards.deadline, retries.min() ?? .max)
    }

    mutating func takeFailures() -> Set<RoomName> {
        defer { failures = [] }
        return failures
    }

    func shard(of room: RoomName) -> Int { shards.shard(of: room) }
    mutating func takeEffects(for shard: Int) -> [ShardEffect] { shards.takeEffects(for: shard) }

    // MARK: What the server wants

    /// Says lines.
    mutating func say(_ drafts: [Draft], at now: UInt64) {
        guard isReady else { return }
        for draft in drafts {
            waiting.append(Submission(id: lines, draft: draft))
            lines += 1
        }
        submit(at: now)
    }

    private mutating func submit(at now: UInt64) {
        guard underWay.isEmpty, !waiting.isEmpty else { return }
        underWay = Array(waiting.prefix(1_024))
        waiting.removeFirst(underWay.count)
        request(.append(underWay), at: now)
    }

    mutating func follow(_ room: RoomName, at now: UInt64) {
        rooms[room, default: Following()].retry = nil
        request(.follow(room), at: now)
    }

    /// A client knows more of the room, perhaps.
    mutating func catchUp(_ room: RoomName, at now: UInt64) {
        guard rooms[room] != nil else { return follow(room, at: now) }
        request(.catchUp(room), at: now)
    }

    mutating func unfollow(_ room: RoomName, at now: UInt64) {
        guard rooms.removeValue(forKey: room) != nil else { return }
        failedReads.removeAll { $0.room == room }
        request(.unfollow(room), at: now)
    }

    /// The mailbox of the server is full.
    mutating func overflow(_ room: RoomName, at now: UInt64) {
        guard rooms[room] != nil else { return }
        shards.lagged(room)
        received(.lagging(room), at: now)
    }

    mutating func request(_ request: OrdererRequest, at now: UInt64) {
        shards.received(request, at: now)
        takeReplies(at: now)
    }

    // MARK: What happens

    mutating func received(_ event: ShardEvent, from shard: Int, at now: UInt64) {
        shards.received(event, from: shard, at: now)
        takeReplies(at: now)
    }

    mutating func timePassed(to now: UInt64) {
        shards.timePassed(to: now)
        takeReplies(at: now)
        for room in rooms.keys.sorted(by: { $0.text < $1.text })
        where rooms[room]?.retry.map({ $0 <= now }) == true {
            follow(room, at: now)
        }
        let due = failedReads.filter { $0.time <= now }
        failedReads.removeAll { $0.time <= now }
        for read in due { self.read(read.room, from: read.from, at: now) }
    }

    private mutating func takeReplies(at now: UInt64) {
        inbox += shards.takeReplies()
        // A reply may lead to a request, whose replies come after the others.
        guard !isTaking else { return }
        isTaking = true
        while !inbox.isEmpty { received(inbox.removeFirst(), at: now) }
        isTaking = false
    }

    func broken(_ rule: String) { truth.broken("\(name): \(rule)") }

    private mutating func received(_ reply: OrdererReply, at now: UInt64) {
        switch reply {
        case .ready:
            (isReady, isFailing) = (true, false)
            for room in rooms.keys.sorted(by: { $0.text < $1.text }) {
                var view = rooms[room] ?? Following()
                if view.isFollowed { view.highest = view.cursor }
                view.isFollowed = false
                rooms[room] = view
                follow(room, at: now)
            }
        case .failing:
            if isFailing { broken("it is told twice that lines fail") }
            (isFailing, wasFailing) = (true, true)
        case .recovered:
            if !isFailing { broken("it has recovered from nothing") }
            isFailing = false
        case .answered(let answers): answered(answers, at: now)
        case .following(let room, let snapshot): following(room, snapshot, at: now)
        case .followFailed(let room):
            if !isFailing { broken("\(room.text) can't be followed") }
            lost(room, at: now)
        case .lagging(let room): lost(room, at: now)
        case .entries(let room, let entries): received(entries, of: room)
        case .read(let room, let from, let page): read(page, of: room, from: from, at: now)
        case .readFailed(let room, let from):
            if rooms[room]?.missing[from] != nil { failedReads.append((room, from, now + 500)) }
        case .pruned(let room, let oldest):
            if rooms[room]?.isFollowed == true { truth.told(oldest: oldest, in: room, by: name) }
        case .present: break  // Nobody is in a room.
        case .checking, .changed, .held, .notified, .reported:
            broken("an unexpected reply")
        }
    }

    private mutating func answered(_ answers: [SubmissionAnswer], at now: UInt64) {
        if !isReady { broken("an answer before it was ready") }
        guard answers.count == underWay.count else {
            return broken("\(answers.count) answers for \(underWay.count) lines")
        }
        for (submission, answer) in zip(underWay, answers) {
            truth.answered(submission, of: run, answer)
            if answer == .failed || answer == .uncertain {
                failures.insert(submission.draft.room)
            }
        }
        underWay = []
        submit(at: now)
    }

    // MARK: Rooms

    private mutating func lost(_ room: RoomName, at now: UInt64) {
        guard var view = rooms[room] else { return broken("\(room.text), unfollowed, is lost") }
        (view.isFollowed, view.highest, view.retry) = (false, nil, now + 100)
        rooms[room] = view
    }

    private mutating func following(
        _ room: RoomName, _ snapshot: RoomSnapshot, at now: UInt64
    ) {
        guard var view = rooms[room] else {
            return broken("\(room.text) is followed, but wasn't asked for")
        }
        if !isReady, !wasFailing { broken("a room before it was ready") }
        let last = RoomCursor(seq: snapshot.lastSeq, rev: snapshot.lastRev)
        defer { rooms[room] = view }
        view.isFollowed = true
        view.retry = nil
        if let highest = view.highest, last.seq < highest.seq || last.rev < highest.rev {
            broken("\(room.text) has \(last), after \(highest) in another epoch")
        }
        view.highest = nil
        guard let cursor = view.cursor, view.epoch == snapshot.epoch else {
            view = Following(epoch: snapshot.epoch, cursor: last, first: last.seq, isFollowed: true)
            failedReads.removeAll { $0.room == room }
            return
        }
        if (last.seq, last.rev) < (cursor.seq, cursor.rev) {
            broken("\(room.text) goes back from \(cursor) to \(last)")
        }
        view.cursor = last
        guard cursor.seq < last.seq else { return }
        view.missing[cursor.seq + 1] = last.seq
        failedReads.append((room, cursor.seq + 1, now))
    }

    /// After a start, changes are told again that streams have told before it.
    private func receivedUnfollowed(_ entries: [RoomEntry], of room: RoomName) {
        for entry in entries {
            guard case .change(let change) = entry else {
                return broken("entries of \(room.text), which isn't followed")
            }
            truth.toldAgain(change, in: room, by: name)
        }
    }

    private mutating func received(_ entries: [RoomEntry], of room: RoomName) {
        guard var view = rooms[room], view.isFollowed, let epoch = view.epoch,
            var cursor = view.cursor
        else { return receivedUnfollowed(entries, of: room) }
        for entry in entries {
            // The state of a room includes changes that are told behind it.
            if case .change(let change) = entry, change.rev <= cursor.rev {
                truth.toldAgain(change, in: room, by: name)
                continue
            }
            truth.told(entry, in: room, epoch, by: name)
            switch entry {
            case .line(let line):
                if line.seq != cursor.seq + 1 {
                    broken("line \(line.seq) of \(room.text) after \(cursor)")
                }
                cursor.seq = line.seq
                view.seen.insert(line.seq)
            case .change(let change):
                if change.rev != cursor.rev + 1 || change.after != cursor.seq {
                    broken("change \(change.rev) of \(room.text) after \(cursor)")
                }
                cursor.rev = change.rev
            }
        }
        view.cursor = cursor
        rooms[room] = view
    }
}
