internal import Chat
internal import ChatCluster

/// What a simulated shard keeps, and what its scripts do with it.
struct ShardData {
    /// What a command has led to.
    struct Outcome {
        let reply: ShardReply
        var publications: [(room: RoomName, publication: Publication)] = []
        /// What the followers of a room are told of its members.
        var notice: (room: RoomName, notice: PresenceNotice)?
        /// The lines that have got numbers.
        var ordered: [(submission: Submission, entry: StoredEntry)] = []
    }

    /// A lack of replicas, and whether the shard knows of it.
    enum Shortage {
        case noticed
        case unnoticed
    }

    private struct Group {
        let run: NodeRun
        let number: UInt64
        let answers: [SubmissionAnswer]
    }

    private struct Place: Hashable {
        let node: NodeName
        let room: RoomName
    }

    private(set) var epoch: Epoch?
    /// The process that the epoch was begun on.
    private var process = 0
    private(set) var rooms: [RoomName: ShardRoom] = [:]
    private var sends = SentLines()
    private var groups: [Place: Group] = [:]
    private var names: [NodeName: (run: NodeRun, end: UInt64)] = [:]
    private var presence = SimulatedPresence()

    /// Which of its commands change what is kept, so that they can be lost.
    static func isWrite(_ command: ShardCommand) -> Bool {
        switch command {
        case .enter, .beat, .begin, .raise, .append: true
        case .open, .read, .catchUp, .trim, .changes, .presence: false
        }
    }

    /// Carries out a command of a node, on the process with this number.
    mutating func carryOut(
        _ command: ShardCommand, on process: Int, at now: UInt64, refusing isRefusing: Bool,
        _ shortage: Shortage?
    ) -> Outcome {
        let trouble = shortage == .noticed ? "it has too few replicas" : nil
        switch command {
        case .enter(let run):
            if let left = take(run, at: now) {
                return Outcome(reply: .nameTaken(milliseconds: left))
            }
            return Outcome(reply: .entered(state(on: process, at: now, trouble)))
        case .beat(let run, let rooms):
            if isRefusing { return Outcome(reply: .failed(reason: "it takes no writes")) }
            if let left = take(run, at: now) {
                return Outcome(reply: .nameTaken(milliseconds: left))
            }
            let heads = rooms.map { self.rooms[$0]?.head ?? RoomCursor() }
            return Outcome(reply: .beaten(state(on: process, at: now, trouble), heads))
        case .begin(let new, let old):
            if epoch == old { (epoch, self.process) = (new, process) }
            return Outcome(reply: epoch.map { .begun($0) } ?? .failed(reason: "no epoch"))
        case .raise(let epoch, let positions, _): return raise(positions, in: epoch)
        case .append(let run, let number, let room, let epoch, let submissions):
            if isRefusing {
                return Outcome(reply: .appended(.refused(reason: "it takes no writes")))
            }
            return append(submissions, run, number, room, epoch, shortage)
        case .open(let room):
            guard let epoch else { return Outcome(reply: .failed(reason: "no epoch")) }
            return Outcome(reply: .opened(self[room].snapshot(in: epoch)))
        case .read(let room, let from, let through):
            return Outcome(reply: .read(self[room].page(from: from, through: through)))
        case .catchUp(let room, let after):
            guard let epoch else { return Outcome(reply: .failed(reason: "no epoch")) }
            return Outcome(reply: .caughtUp(epoch, self[room].entries(after: after)))
        // Its faults do so.
        case .trim: return Outcome(reply: .trimmed(entries: 0, pause: ShardLimits.trimRound))
        case .changes(let command): return Outcome(reply: reply(to: command))
        case .presence(let command):
            let (reply, notice) = presence.carryOut(command)
            return Outcome(reply: .presence(reply), notice: notice)
        }
    }

    /// Nobody changes anything: nothing is there.
    private func reply(to command: ChangeCommand) -> ShardReply {
        switch command {
        case .survey: .changes(.surveyed([], isLast: true))
        case .waiting: .changes(.waiting([], isLast: true))
        case .revocations: .changes(.revocations([]))
        case .news: .changes(.news([]))
        case .unerased: .changes(.unerased([:]))
        case .consult, .scan, .make, .erase, .log, .hold, .release, .drop, .notify:
            .failed(reason: "nothing can be changed")
        }
    }

    /// A change of a room that nobody here has asked for.
    mutating func change(_ room: RoomName, at now: UInt64) -> (StoredEntry, Publication)? {
        guard let epoch else { return nil }
        let previous = self[room].head
        let entry = rooms[room, default: ShardRoom()].change(at: time(now), in: epoch)
        return (entry, Publication(epoch, after: previous, [entry]))
    }

    /// Deletes so many of the oldest entries of a room. Returns its oldest line then, or nil if
    /// there was nothing to delete.
    mutating func trim(_ room: RoomName, by count: Int) -> UInt64? {
        rooms[room]?.trim(by: count)
    }

    /// Whether the epoch was begun on another process.
    func isOld(on process: Int) -> Bool { self.process != process }

    private subscript(room: RoomName) -> ShardRoom { rooms[room] ?? ShardRoom() }

    private func time(_ now: UInt64) -> Timestamp { Timestamp(milliseconds: Int64(now)) }

    private func state(
        on process: Int, at now: UInt64, _ trouble: String?
    ) -> ShardState {
        ShardState(
            epoch: epoch, isSameData: self.process == process, time: time(now), news: 0,
            trouble: trouble)
    }

    /// Takes a name, or renews its lease. Returns the milliseconds left if another run has it.
    private mutating func take(_ run: NodeRun, at now: UInt64) -> Int? {
        if let holder = names[run.name], holder.run != run, holder.end > now {
            return Int(holder.end - now)
        }
        names[run.name] = (run, now + ShardLimits.lease)
        return nil
    }

    private mutating func raise(
        _ positions: [RoomName: RoomCursor], in epoch: Epoch
    ) -> Outcome {
        guard epoch == self.epoch else { return Outcome(reply: .failed(reason: "another epoch")) }
        var outcome = Outcome(reply: .raised)
        for (room, cursor) in positions.sorted(by: { $0.key.text < $1.key.text })
        where rooms[room, default: ShardRoom()].raise(above: cursor) {
            outcome.publications.append((room, Publication(epoch, after: self[room].head, [])))
        }
        return outcome
    }

    private mutating func append(
        _ submissions: [Submission], _ run: NodeRun, _ number: UInt64, _ room: RoomName,
        _ epoch: Epoch, _ shortage: Shortage?
    ) -> Outcome {
        let unsettled = AppendOutcome.unsettled(reason: "too few replicas have the lines")
        let place = Place(node: run.name, room: room)
        if let last = groups[place], last.run == run, number <= last.number {
            guard number == last.number else { return Outcome(reply: .appended(.otherEpoch)) }
            return Outcome(
                reply: .appended(shortage == nil ? .answered(last.answers) : unsettled))
        }
        guard epoch == self.epoch else { return Outcome(reply: .appended(.otherEpoch)) }
        let isNew = submissions.contains { sends.answer(to: $0.draft) == nil }
        if shortage == .noticed, isNew {
            return Outcome(reply: .appended(.refused(reason: "it has too few replicas")))
        }
        let previous = self[room].head
        var ordered: [(submission: Submission, entry: StoredEntry)] = []
        let answers = submissions.map { submission in
            let (answer, entry) = order(submission.draft, in: epoch)
            if let entry { ordered.append((submission, entry)) }
            return answer
        }
        groups[place] = Group(run: run, number: number, answers: answers)
        var outcome = Outcome(
            reply: .appended(shortage == nil ? .answered(answers) : unsettled))
        outcome.ordered = ordered
        if !ordered.isEmpty {
            outcome.publications = [
                (room, Publication(epoch, after: previous, ordered.map(\.entry)))
            ]
        }
        return outcome
    }

    private mutating func order(
        _ draft: Draft, in epoch: Epoch
    ) -> (answer: SubmissionAnswer, entry: StoredEntry?) {
        if let known = sends.answer(to: draft) { return (known, nil) }
        let entry = rooms[draft.room, default: ShardRoom()].append(draft, in: epoch)
        sends.ordered(draft, as: entry.cursor.seq)
        return (.ordered(seq: entry.cursor.seq, time: draft.time), entry)
    }
}
