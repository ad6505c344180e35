package import Chat

/// A node's side of all shards of a cluster: one orderer for the server. Each room is on one shard,
/// by a hash of its name. ``RoomName/everywhere`` is on the first.
///
/// It has no connections and no clock, as ``ShardFollower``. After each call, carry out the effects
/// for each shard, and pass the replies on, all in order.
package struct ShardSet {
    private var followers: [ShardFollower]
    /// What the operator calls the shards. Nil if there is no need to name them.
    private let names: [String]?
    private var standings: ShardStandings
    /// The lines that the server waits for. Nil if there is one shard, which answers all.
    private var group: SplitGroup?
    /// Replies that come too early, because not all shards are open.
    private var early: [OrdererReply] = []
    private var replies: [OrdererReply] = []

    /// The shards are numbered from 0. Their number and order is the same on all nodes.
    /// `names` are what the operator calls them. `undoPeriod` and `noTerms` are as in
    /// ``ShardFollower``.
    package init(
        _ run: NodeRun, shards: Int, named names: [String]? = nil, undoPeriod: Int64? = nil,
        noTerms: any TermBook = NoTerms(), at now: UInt64
    ) {
        precondition(shards > 0, "a cluster has a shard")
        self.names = names
        followers = (0..<shards).map { shard in
            ShardFollower(
                run, shard: shard, undoPeriod: undoPeriod, noTerms: noTerms, at: now)
        }
        standings = ShardStandings(shards: shards)
    }

    /// Why the node must not run: another node has its name. Nil if it may. It never changes back.
    package var refusal: String? { followers.lazy.compactMap(\.refusal).first }

    /// When to call ``timePassed(to:)``, if nothing happens before. `UInt64.max` if never.
    package var deadline: UInt64 { followers.reduce(.max) { min($0, $1.deadline) } }

    /// What has happened on each shard.
    package var counts: [ShardCounts] { followers.map(\.counts) }

    /// Whether each shard takes lines.
    package var open: [Bool] { standings.open }

    /// The server has a request.
    package mutating func received(_ request: OrdererRequest, at now: UInt64) {
        switch request {
        case .append(let submissions): append(submissions, at: now)
        case .follow(let room), .catchUp(let room), .read(let room, _, _), .report(_, let room, _),
            .present(let room, _):
            pass(request, to: shard(of: room), at: now)
        case .unfollow(let room):
            forgetEarly(room)
            pass(request, to: shard(of: room), at: now)
        case .change(let change): pass(request, to: shard(of: change.room), at: now)
        case .held(.hold(let hold)): pass(request, to: shard(of: hold.draft.room), at: now)
        case .held(.release(let ids, let time)): release(ids, at: time, now)
        case .notify: pass(request, to: 0, at: now)
        }
    }

    private mutating func append(_ submissions: [Submission], at now: UInt64) {
        guard followers.count > 1 else { return pass(.append(submissions), to: 0, at: now) }
        guard standings.mayAppend else {
            return pass(.answered(submissions.map { _ in .failed }))
        }
        let split = SplitGroup(submissions, shards: followers.count, shard: shard(of:))
        group = split
        for shard in followers.indices where !split.submissions[shard].isEmpty {
            pass(.append(split.submissions[shard]), to: shard, at: now)
        }
    }

    private mutating func pass(_ request: OrdererRequest, to shard: Int, at now: UInt64) {
        followers[shard].received(request, at: now)
        collect(from: shard, at: now)
    }

    /// Something has happened on the connections to a shard.
    package mutating func received(_ event: ShardEvent, from shard: Int, at now: UInt64) {
        followers[shard].received(event, at: now)
        collect(from: shard, at: now)
    }

    /// Time has passed.
    package mutating func timePassed(to now: UInt64) {
        for shard in followers.indices where followers[shard].deadline <= now {
            followers[shard].timePassed(to: now)
            collect(from: shard, at: now)
        }
    }

    /// The server's mailbox was full, and it was told that it lags in the room. It gets no entries
    /// of the room until it follows it again.
    package mutating func lagged(_ room: RoomName) {
        forgetEarly(room)
        followers[shard(of: room)].lagged(room)
    }

    /// Takes what is to be done on the connections to a shard.
    package mutating func takeEffects(for shard: Int) -> [ShardEffect] {
        followers[shard].takeEffects()
    }

    /// Takes the replies for the server.
    package mutating func takeReplies() -> [OrdererReply] {
        defer { replies = [] }
        return replies
    }

    /// The shard of a room.
    package func shard(of room: RoomName) -> Int {
        guard followers.count > 1, room != .everywhere else { return 0 }
        // FNV-1a: all nodes need the same, whatever their version and machine.
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in room.text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return Int(hash % UInt64(followers.count))
    }

    /// Each shard has its lines said. What doesn't wait anywhere is answered by the first.
    private mutating func release(_ ids: [UInt64], at time: Timestamp, _ now: UInt64) {
        var rest = ids
        for shard in followers.indices.dropFirst() {
            let held = rest.filter { followers[shard].holds($0) }
            guard !held.isEmpty else { continue }
            rest.removeAll { held.contains($0) }
            pass(.held(.release(held, at: time)), to: shard, at: now)
        }
        if !rest.isEmpty { pass(.held(.release(rest, at: time)), to: 0, at: now) }
    }

    // MARK: Replies

    private mutating func collect(from shard: Int, at now: UInt64) {
        for reply in followers[shard].takeReplies() {
            took(reply, from: shard)
            if followers.count > 1, case .entries(.everywhere, let entries) = reply {
                changed(everywhere: entries, at: now)
            }
        }
    }

    /// A ban that holds everywhere means lines that wait on other shards, too.
    private mutating func changed(everywhere entries: [RoomEntry], at now: UInt64) {
        for case .change(let change) in entries {
            guard case .banned(let ban) = change.kind else { continue }
            for shard in followers.indices.dropFirst() {
                followers[shard].banned(everywhere: ban, at: now)
            }
        }
    }

    private mutating func took(_ reply: OrdererReply, from shard: Int) {
        switch reply {
        case .ready: tell(standings.ready(shard) { [followers] in Self.opening(of: followers) })
        case .failing(let reason):
            // Reasons of connections have the name.
            let name = names.map { "\($0[shard]): " } ?? ""
            let told = reason.hasPrefix(name) ? reason : name + reason
            tell(standings.failing(shard, told))
        case .recovered:
            tell(standings.recovered(shard) { [followers] in Self.opening(of: followers) })
        case .answered(let answers): answered(answers, by: shard)
        case .checking, .changed, .held, .notified, .reported, .following, .followFailed, .entries,
            .lagging, .read, .readFailed, .pruned, .present:
            pass(reply)
        }
    }

    /// Tells how the shards are, and then what has waited for it.
    private mutating func tell(_ news: [OrdererReply]) {
        for reply in news {
            replies.append(reply)
            if case .ready = reply { replies += followers.flatMap(\.ahead) }
        }
        guard standings.mayAnswer, !early.isEmpty else { return }
        replies += early
        early = []
    }

    private mutating func pass(_ reply: OrdererReply) {
        if standings.mayAnswer { replies.append(reply) } else { early.append(reply) }
    }

    /// A room isn't followed any more: nothing that waits tells of it.
    private mutating func forgetEarly(_ room: RoomName) {
        early.removeAll { reply in
            switch reply {
            case .following(room, _), .followFailed(room), .entries(room, _), .lagging(room),
                .present(room, _):
                true
            case .ready, .checking, .failing, .recovered, .answered, .changed, .held, .notified,
                .reported, .following, .followFailed, .entries, .lagging, .read, .readFailed,
                .pruned, .present:
                false
            }
        }
    }

    private mutating func answered(_ answers: [SubmissionAnswer], by shard: Int) {
        guard group != nil else { return pass(.answered(answers)) }
        group?.answered(answers, by: shard)
        guard let outcome = group?.outcome else { return }
        group = nil
        pass(.answered(outcome))
    }

    /// What is in force on all shards.
    private static func opening(of followers: [ShardFollower]) -> OrdererOpening {
        let openings = followers.compactMap(\.opening)
        guard let first = openings.first else { preconditionFailure("no shard is open") }
        var all = OrdererOpening(
            epoch: first.epoch, sends: openings.flatMap(\.sends), bans: openings.flatMap(\.bans),
            held: openings.flatMap(\.held))
        all.epochs = openings.map(\.epoch)
        all.terms = openings.flatMap(\.terms)
        return all
    }
}
