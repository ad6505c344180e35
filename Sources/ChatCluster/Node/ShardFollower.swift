package import Chat

/// A node's side of one shard. It keeps the contract of an ``Orderer`` for the shard's rooms, over
/// connections that break at any moment and publications that are lost, doubled, late or out of
/// order.
///
/// It has no connection and no clock: it is told what happens and what time it is, in milliseconds
/// that never go back, and says what is to be done. After each call, carry out its effects and pass
/// its replies on, both in order.
package struct ShardFollower {
    let run: NodeRun
    /// Which of the shards it is.
    let index: Int
    var calls = ShardCalls()
    var link: ShardLink
    var rooms = FollowedRooms()
    var presence: ShardPresence
    /// The lines that the server waits for.
    var group: GroupInFlight?
    /// Keys of lines whose outcome it could not tell.
    var doubts = DoubtfulKeys()
    /// The number of the last chunk of lines.
    var groups: UInt64 = 0
    /// Reads that wait for a connection.
    var reads: [PendingRead] = []
    /// Changes of rooms, and lines that wait.
    var changes: ShardChanges
    /// The commands about changes that are under way, with their tickets there.
    var tickets: [UInt64: UInt64] = [:]
    /// What the shard has last told of itself.
    var moment = ShardMoment()
    var replies: [OrdererReply] = []
    var trimming = Trimming()
    /// What has happened so far.
    package internal(set) var counts = ShardCounts()
    /// Why the node must not run: another node has its name. Nil if it may. It never changes back.
    package internal(set) var refusal: String?

    /// - Parameters:
    ///   - shard: which of the cluster's shards it is. Epochs differ between them.
    ///   - undoPeriod: how long a change can be undone, in milliseconds. Nil for the usual time.
    ///   - noTerms: a book without terms, as the server compares terms with lines.
    package init(
        _ run: NodeRun, shard: Int = 0, undoPeriod: Int64? = nil,
        noTerms: any TermBook = NoTerms(), at now: UInt64
    ) {
        self.run = run
        changes = ShardChanges(of: run, undoPeriod: undoPeriod, noTerms: noTerms)
        index = shard
        link = ShardLink(at: now)
        presence = ShardPresence(run)
    }

    /// When to call ``timePassed(to:)``, if nothing happens before. `UInt64.max` if never.
    package var deadline: UInt64 {
        min(
            link.deadline, rooms.deadline, changes.deadline, presence.deadline,
            link.phase == .open ? trimming.deadline : .max)
    }

    /// The server has a request, for a room of this shard. An append has lines of such rooms only.
    package mutating func received(_ request: OrdererRequest, at now: UInt64) {
        switch request {
        case .append(let submissions): append(submissions, at: now)
        case .follow(let room): follow(room, at: now)
        case .catchUp(let room): catchUp(room, at: now)
        case .unfollow(let room):
            unfollow(room)
            withPresence { $0.unfollow(room, at: now) }
        case .present(let room, let members):
            withPresence { $0.changed(members, in: room, at: now) }
        case .read(let room, let from, let through):
            read(PendingRead(room: room, from: from, through: through))
        case .change(let request): changes.received(request)
        case .held(let request): changes.received(request)
        case .report(let id, let room, let query):
            changes.received(query, of: room, id: id, time: moment.time(at: now))
        case .notify(let notice): changes.received(notice)
        }
        settleChanges(at: now)
    }

    /// Something has happened on the connections.
    package mutating func received(_ event: ShardEvent, at now: UInt64) {
        switch event {
        case .connected: connected(at: now)
        case .disconnected(let reason): disconnected(reason, at: now)
        case .answered(let number, let reply):
            link.heard(at: now)
            if let command = calls.answered(number) {
                answered(command, number, reply, at: now)
            }
        case .subscribed(let room): subscribed(room, at: now)
        case .published(let room, let publication): published(publication, in: room, at: now)
        case .pruned(let room, let oldest): pruned(room, oldest: oldest)
        case .news(let items): changes.received(items)
        case .present(let room, let notice):
            rooms.heard()
            withPresence { $0.received(notice, in: room, at: now) }
        }
        settleChanges(at: now)
    }

    private mutating func answered(
        _ command: ShardCommand, _ number: UInt64, _ reply: ShardReply, at now: UInt64
    ) {
        switch command {
        case .enter: entered(reply, at: now)
        case .begin: begun(reply, at: now)
        case .raise: raised(reply, at: now)
        case .beat(_, let rooms): beaten(reply, rooms, at: now)
        case .append(_, _, let room, _, _): appended(reply, in: room, at: now)
        case .open(let room): opened(room, reply, at: now)
        case .catchUp(let room, _): caughtUp(room, reply, at: now)
        case .presence(let command): answered(command, reply, at: now)
        case .read(let room, let from, _):
            if case .read(let page) = reply {
                replies.append(.read(room, from: from, page))
            } else {
                replies.append(.readFailed(room, from: from))
            }
        case .trim: trimmed(reply, at: now)
        case .changes: answeredChange(number, reply, at: now)
        }
    }

    /// Time has passed.
    package mutating func timePassed(to now: UInt64) {
        if link.isSilent(at: now) || rooms.isSilent(at: now) { reconnect(at: now) }
        if link.isCutOff(at: now) { fail(link.complaint, at: now) }
        if link.isWaitOver(at: now) { enter(at: now) }
        if link.phase == .open, link.beatDue <= now { beat(at: now) }
        trim(at: now)
        for room in rooms.takeDoubts(at: now) {
            counts.lateRepairs += 1
            bring(.entries, of: room)
        }
        if presence.deadline <= now { withPresence { $0.timePassed(to: now) } }
        changes.passTime(now)
        settleChanges(at: now)
    }

    /// The server's mailbox was full, and it was told that it lags in the room. It gets no entries
    /// of the room until it follows it again.
    package mutating func lagged(_ room: RoomName) { unfollow(room) }

    /// Takes what is to be done on the connections.
    package mutating func takeEffects() -> [ShardEffect] { calls.takeEffects() }

    /// Takes the replies for the server.
    package mutating func takeReplies() -> [OrdererReply] {
        defer { replies = [] }
        return replies
    }
}
