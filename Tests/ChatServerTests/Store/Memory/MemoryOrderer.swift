import Chat
import Dispatch
import Simulation
import Synchronization

/// An orderer in memory for several followers. It owns rooms and keys, and works on its own thread,
/// one request after another. It never waits for a follower, never fails, forgets nothing, and has
/// no clock.
final class MemoryOrderer: Sendable {
    private let queue = DispatchQueue(label: "memory orderer")
    private let state: Mutex<State>

    init(epoch: Epoch = Epoch(number: 1)) {
        state = Mutex(State(epoch: epoch))
    }

    /// Makes a follower. Above `limit` entries in its mailbox, its rooms lag. `wake` is called when
    /// the first reply arrives in an empty mailbox: on this thread for `ready`, which comes at
    /// once, and on the orderer's thread later. It must not call the orderer.
    func makeFollower(
        mailbox limit: Int = .max, wake: @escaping @Sendable () -> Void = {}
    ) -> MemoryFollower {
        let mailbox = MemoryMailbox(limit: limit, wake: wake)
        let number = state.withLock { $0.add(mailbox) }
        return MemoryFollower(self, number: number, mailbox: mailbox)
    }

    /// Deletes lines of a room if they exist, and tells all followers of the room.
    func delete(
        seqs: [UInt64], in room: RoomName, at time: Timestamp = Timestamp(milliseconds: 0)
    ) {
        work { $0.delete(seqs, in: room, at: time) }
    }

    /// Begins another epoch, like Redis after a failover. The last `count` lines of each room are
    /// lost, and numbers go on above them. `tellsEnds`: where the old epoch ended is known.
    func beginEpoch(losing count: Int = 0, tellsEnds: Bool = true) {
        work { $0.beginEpoch(losing: count, tellsEnds: tellsEnds) }
    }

    /// Waits until all earlier submissions are done.
    func drain() { queue.sync {} }

    /// Counts for all followers together.
    var metrics: StoreMetrics { state.withLock { $0.metrics } }

    func submit(_ request: OrdererRequest, from follower: Int) {
        work { $0.received(request, from: follower) }
    }

    func loseAnswers(toNext groups: Int, from follower: Int, ordering isOrdered: Bool) {
        work { $0.loseAnswers(toNext: groups, from: follower, ordering: isOrdered) }
    }

    private func work(_ body: @escaping @Sendable (inout State) -> Void) {
        queue.async { [self] in state.withLock { body(&$0) } }
    }
}

/// The state of a ``MemoryOrderer``.
private struct State {
    private struct Follower {
        let mailbox: MemoryMailbox
        var rooms: Set<RoomName> = []
        /// Its own members.
        var members: [RoomName: RoomPresence] = [:]
        /// The outcomes of its submissions, by id.
        var fates: [UInt64: SubmissionAnswer] = [:]
        /// For each of the next groups whose answer gets lost, whether it is ordered.
        var losses: [Bool] = []
    }

    private(set) var epoch: Epoch
    private var epochs: UInt64 = 1
    private(set) var metrics = StoreMetrics()
    private var rooms: [RoomName: MemoryRoom] = [:]
    private var sends: [StoredSend] = []
    private var followers: [Follower] = []

    init(epoch: Epoch) {
        self.epoch = epoch
    }

    /// Adds a follower and returns its number.
    mutating func add(_ mailbox: MemoryMailbox) -> Int {
        mailbox.add(.ready(OrdererOpening(epoch: epoch, sends: sends)))
        followers.append(Follower(mailbox: mailbox))
        return followers.count - 1
    }

    mutating func beginEpoch(losing count: Int, tellsEnds: Bool) {
        for name in rooms.keys { rooms[name]?.epochEnded(epoch, losing: count, tells: tellsEnds) }
        epochs += 1
        epoch = Epoch(number: epochs)
        for number in followers.indices {
            followers[number].rooms = []
            followers[number].mailbox.add(.ready(OrdererOpening(epoch: epoch, sends: [])))
        }
    }

    mutating func loseAnswers(toNext groups: Int, from number: Int, ordering isOrdered: Bool) {
        followers[number].losses += Array(repeating: isOrdered, count: groups)
    }

    mutating func received(_ request: OrdererRequest, from number: Int) {
        let mailbox = followers[number].mailbox
        switch request {
        case .append(let group): mailbox.add(.answered(append(group, from: number)))
        case .follow(let room), .catchUp(let room):
            followers[number].rooms.insert(room)
            let elsewhere = elsewhere(room, of: number)
            mailbox.add(
                .following(room, self[room].snapshot(in: epoch).with(elsewhere: elsewhere)))
        case .unfollow(let room):
            followers[number].rooms.remove(room)
            present(.nobody, in: room, of: number)
        case .present(let room, let presence): present(presence, in: room, of: number)
        case .change(let request): mailbox.add(.changed(id: request.id, change(request)))
        // Its rooms hold nothing back.
        case .held, .notify: break
        case .report(let id, let room, let query):
            let now = Timestamp(milliseconds: 0)
            let report = self[room].ledger.report(query, of: room, at: now)
            mailbox.add(.reported(id: id, report))
        case .read(let room, let from, let through):
            mailbox.add(.read(room, from: from, self[room].page(from: from, through: through)))
        }
    }

    /// The members of a room on all servers but one.
    private func elsewhere(_ room: RoomName, of number: Int) -> RoomPresence {
        followers.indices.filter { $0 != number }.reduce(.nobody) {
            $0 + (followers[$1].members[room] ?? .nobody)
        }
    }

    private mutating func present(_ presence: RoomPresence, in room: RoomName, of number: Int) {
        let old = followers[number].members.updateValue(presence, forKey: room) ?? .nobody
        guard old != presence else { return }
        for other in followers.indices where other != number {
            guard followers[other].rooms.contains(room) else { continue }
            followers[other].mailbox.add(.present(room, elsewhere(room, of: other)))
        }
    }

    mutating func delete(_ seqs: [UInt64], in room: RoomName, at time: Timestamp) {
        guard let change = rooms[room]?.delete(seqs, at: time) else { return }
        tell([.change(change)], of: room)
    }

    private mutating func change(_ request: ChangeRequest) -> ChangeAnswer {
        do throws(Refusal) {
            let (rev, change) = try rooms[request.room, default: MemoryRoom()].change(request)
            if let change { tell([.change(change)], of: request.room) }
            return .ordered(rev: rev)
        } catch {
            return .refused(error)
        }
    }

    private subscript(room: RoomName) -> MemoryRoom { rooms[room] ?? MemoryRoom() }

    private mutating func append(
        _ group: [Submission], from number: Int
    ) -> [SubmissionAnswer] {
        let unknown = Array(repeating: SubmissionAnswer.unknown, count: group.count)
        let isLost = !followers[number].losses.isEmpty
        if isLost, !followers[number].losses.removeFirst() { return unknown }
        var entries = EntriesByRoom()
        let answers = group.map { submission in
            if let fate = followers[number].fates[submission.id] { return fate }
            let (answer, line) = order(submission.draft)
            followers[number].fates[submission.id] = answer
            if let line { entries.add(.line(line), in: submission.draft.room) }
            return answer
        }
        metrics.groups += 1
        metrics.linesStored += entries.count
        for (room, entries) in entries.rooms { tell(entries, of: room) }
        return isLost ? unknown : answers
    }

    private mutating func order(_ draft: Draft) -> (answer: SubmissionAnswer, line: Line?) {
        let (answer, line) = rooms[draft.room, default: MemoryRoom()].append(draft)
        if let line, let key = draft.key {
            sends.append(
                StoredSend(
                    room: draft.room, username: draft.username, user: draft.author.user, key: key,
                    seq: line.seq, time: line.time, digest: RecentSends.digest(of: draft.message)))
        }
        return (answer, line)
    }

    private mutating func tell(_ entries: [RoomEntry], of room: RoomName) {
        for number in followers.indices where followers[number].rooms.contains(room) {
            if !followers[number].mailbox.add(entries, of: room) {
                followers[number].rooms.remove(room)
            }
        }
    }
}
