import Chat

/// A minimal follower for tests of orderers. It follows rooms and submits lines, one group at a
/// time. It submits unknown lines again, follows lagging rooms again, and reads what it has missed.
/// A breach of the contract by the orderer is a violation.
struct StreamFollower {
    /// The state of a room since it was first followed.
    struct Stream {
        /// The first number that was promised.
        fileprivate(set) var first: UInt64?
        /// The last number that is known, from a snapshot or an entry.
        fileprivate(set) var last: UInt64 = 0
        fileprivate(set) var lines: [UInt64: Line] = [:]
        fileprivate(set) var changes: [RoomChange] = []
        /// Lines that were deleted before they were read.
        fileprivate(set) var gone: Set<UInt64> = []
        fileprivate(set) var lags = 0
        fileprivate var isFollowed = false
        fileprivate var isLagging = false
        /// The last number in the last snapshot. Its lines may come as entries too.
        fileprivate var included: UInt64 = 0
        /// The pending reads: the last number of each by its first.
        fileprivate var reads: [UInt64: UInt64] = [:]

        /// Whether each promised line has arrived.
        var isWhole: Bool {
            guard let first, isFollowed, reads.isEmpty else { return false }
            return first > last
                || (first...last).allSatisfy { lines[$0] != nil || gone.contains($0) }
        }

        /// The lines in order.
        var texts: [String] { lines.keys.sorted().compactMap { lines[$0]?.message } }
    }

    let orderer: any Orderer
    private(set) var streams: [RoomName: Stream] = [:]
    /// Unanswered requests to follow each room.
    private var asked: [RoomName: Int] = [:]
    /// Those made before the follower stopped following the room.
    private var stale: [RoomName: Int] = [:]
    /// The outcome of each line, by its text.
    private(set) var fates: [String: SubmissionAnswer] = [:]
    private(set) var violations: [String] = []
    private var waiting: [Submission] = []
    private var underWay: [Submission] = []
    private var count: UInt64 = 0

    init(_ orderer: any Orderer) {
        self.orderer = orderer
    }

    /// Whether nothing more is to come unless a line is said.
    var isAtRest: Bool {
        waiting.isEmpty && underWay.isEmpty && asked.values.allSatisfy { $0 == 0 }
            && streams.values.allSatisfy(\.isWhole)
    }

    mutating func follow(_ room: RoomName) {
        streams[room] = streams[room] ?? Stream()
        asked[room, default: 0] += 1
        orderer.submit(.follow(room))
    }

    mutating func unfollow(_ room: RoomName) {
        streams[room] = nil
        stale[room] = asked[room]
        orderer.submit(.unfollow(room))
    }

    /// Submits a line, with the others that wait, as soon as no group is pending.
    mutating func say(_ drafts: Draft...) {
        for draft in drafts {
            waiting.append(Submission(id: count, draft: draft))
            count += 1
        }
        submit()
    }

    private mutating func submit() {
        guard underWay.isEmpty, !waiting.isEmpty else { return }
        swap(&underWay, &waiting)
        orderer.submit(.append(underWay))
    }

    /// Takes all replies of the orderer. Returns their number.
    @discardableResult
    mutating func take() -> Int {
        var replies: [OrdererReply] = []
        orderer.takeReplies(into: &replies)
        for reply in replies { received(reply) }
        return replies.count
    }

    private mutating func received(_ reply: OrdererReply) {
        switch reply {
        case .ready, .checking, .failing, .recovered, .pruned, .present: break
        case .changed, .reported, .held, .notified: break
        case .answered(let answers): received(answers)
        case .following(let room, let snapshot):
            if takeAsked(room) { received(snapshot, of: room) }
        case .followFailed(let room):
            guard takeAsked(room), streams[room] != nil else { break }
            streams[room]?.isFollowed = false
            follow(room)
        case .entries(let room, let entries):
            for entry in entries { received(entry, in: room) }
        case .lagging(let room):
            guard var stream = streams[room] else { break }
            if stream.isLagging { violations.append("\(room.text) lags twice") }
            stream.lags += 1
            (stream.isFollowed, stream.isLagging) = (false, true)
            streams[room] = stream
            follow(room)
        case .read(let room, let from, let page): received(page, of: room, from: from)
        case .readFailed(let room, let from):
            guard let through = streams[room]?.reads[from] else { break }
            orderer.submit(.read(room, from: from, through: through))
        }
    }

    private mutating func received(_ answers: [SubmissionAnswer]) {
        guard answers.count == underWay.count else {
            return violations.append("\(answers.count) answers for \(underWay.count) lines")
        }
        var unknown: [Submission] = []
        for (submission, answer) in zip(underWay, answers) {
            if answer == .unknown {
                unknown.append(submission)
            } else {
                fates[submission.draft.message] = answer
            }
        }
        underWay = []
        waiting = unknown + waiting
        submit()
    }

    /// A request to follow a room was answered. Returns false if the answer is stale: the follower
    /// has stopped following since, and the entries after the answer may have gaps.
    private mutating func takeAsked(_ room: RoomName) -> Bool {
        asked[room, default: 0] -= 1
        if asked[room, default: 0] < 0 { violations.append("\(room.text) was not requested") }
        guard let left = stale[room], left > 0 else { return true }
        stale[room] = left - 1
        return false
    }

    private mutating func received(_ snapshot: RoomSnapshot, of room: RoomName) {
        guard var stream = streams[room] else { return }
        defer { streams[room] = stream }
        (stream.isFollowed, stream.isLagging) = (true, false)
        stream.included = snapshot.lastSeq
        if stream.first == nil {
            (stream.first, stream.last) = (snapshot.lastSeq + 1, snapshot.lastSeq)
        } else if stream.last < snapshot.lastSeq {
            let from = stream.last + 1
            stream.last = snapshot.lastSeq
            stream.reads[from] = snapshot.lastSeq
            orderer.submit(.read(room, from: from, through: snapshot.lastSeq))
        }
    }

    private mutating func received(_ entry: RoomEntry, in room: RoomName) {
        guard var stream = streams[room], stream.first != nil else { return }
        if stream.isLagging { violations.append("an entry of \(room.text), which lags") }
        guard stream.isFollowed else { return }
        defer { streams[room] = stream }
        switch entry {
        case .line(let line) where line.seq == stream.last + 1:
            stream.last = line.seq
            stream.lines[line.seq] = line
        case .line(let line):
            guard stream.included < line.seq else { return }
            violations.append("line \(line.seq) of \(room.text) behind \(stream.last)")
        case .change(let change):
            stream.changes.append(change)
            guard case .deleted(let seqs) = change.kind else { return }
            for seq in seqs { stream.lines[seq] = nil }
            stream.gone.formUnion(seqs)
        }
    }

    private mutating func received(_ page: RoomPage, of room: RoomName, from: UInt64) {
        guard let through = streams[room]?.reads.removeValue(forKey: from) else { return }
        guard page.through >= from else {
            return violations.append("a page of \(room.text) from \(from) that covers nothing")
        }
        for line in page.lines { streams[room]?.lines[line.seq] = line }
        for seq in from...page.through where streams[room]?.lines[seq] == nil {
            streams[room]?.gone.insert(seq)
        }
        guard page.through < through else { return }
        streams[room]?.reads[page.through + 1] = through
        orderer.submit(.read(room, from: page.through + 1, through: through))
    }
}
