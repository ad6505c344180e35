internal import Chat

/// Lines that are to wait, and lines that are to be said, on their way to a shard. One command is
/// under way at a time, so that the shard recognises it if it comes again.
struct HeldWork {
    /// Lines that one command keeps.
    private static let holds = 64

    /// What comes next.
    enum Step {
        case nothing
        /// Carry this out, and hand in the answer.
        case command(ChangeCommand)
        /// The server is told this when it knows these news.
        case answered(HeldReply, news: UInt64)
    }

    private struct Release {
        let ids: [UInt64]
        let time: Timestamp
        /// The rooms that are left, each with its lines.
        var rooms: [(name: RoomName, ids: [UInt64])] = []
        var said: [HeldReply.Said] = []
        var news: UInt64 = 0

        /// If it ends now. What is left still waits.
        var answer: HeldReply {
            let left = Set(rooms.flatMap(\.ids))
            return said.isEmpty && !rooms.isEmpty
                ? .releaseFailed : .released(said, of: ids.filter { !left.contains($0) })
        }
    }

    private enum Pending {
        case hold([HeldRequest.Hold])
        case release(Release)
    }

    private let run: NodeRun
    private var waiting: [HeldRequest] = []
    private var pending: Pending?
    /// Whether the command is under way.
    private var isSent = false
    /// The number of the next command. It stays the same until that is answered.
    private var group: UInt64 = 0

    init(of run: NodeRun) { self.run = run }

    mutating func add(_ request: HeldRequest) { waiting.append(request) }

    /// `held` are the lines that wait.
    mutating func next(in epoch: Epoch, _ held: [UInt64: HeldLine]) -> Step {
        guard !isSent else { return .nothing }
        if pending == nil { begin(held) }
        switch pending {
        case nil: return .nothing
        case .hold(let holds):
            isSent = true
            return .command(.hold(run, group: group, holds))
        case .release(let release):
            guard let room = release.rooms.first else {
                pending = nil
                return .answered(release.answer, news: release.news)
            }
            isSent = true
            return .command(
                .release(run, group: group, room.name, epoch, room.ids, at: release.time))
        }
    }

    private mutating func begin(_ held: [UInt64: HeldLine]) {
        guard !waiting.isEmpty else { return }
        switch waiting.removeFirst() {
        case .hold(let first):
            var holds = [first]
            while holds.count < Self.holds, case .hold(let next)? = waiting.first {
                holds.append(next)
                waiting.removeFirst()
            }
            pending = .hold(holds)
        case .release(let ids, let time):
            var release = Release(ids: ids, time: time)
            for id in ids {
                guard let name = held[id]?.draft.room else { continue }
                if let place = release.rooms.firstIndex(where: { $0.name == name }) {
                    release.rooms[place].ids.append(id)
                } else {
                    release.rooms.append((name, [id]))
                }
            }
            pending = .release(release)
        }
    }

    // MARK: Answers

    mutating func held(_ outcomes: [HeldReply.Outcome], news: UInt64) -> Step {
        guard isSent, case .hold(let holds) = pending else { return .nothing }
        isAnswered()
        pending = nil
        let answers = holds.indices.map { place in
            HeldReply.Answer(
                ticket: holds[place].ticket, place < outcomes.count ? outcomes[place] : .failed)
        }
        return .answered(.held(answers), news: news)
    }

    mutating func released(_ outcome: ReleaseOutcome) -> Step {
        guard isSent, case .release(var release) = pending else { return .nothing }
        switch outcome {
        case .said(let said, let news):
            isAnswered()
            release.said += said
            release.news = max(release.news, news)
            release.rooms.removeFirst()
            pending = .release(release)
            return .nothing
        case .otherEpoch:
            isSent = false
            return .nothing
        case .refused: return failed()
        }
    }

    /// The command could not be carried out: nothing has happened.
    mutating func failed() -> Step {
        guard isSent, let pending else { return .nothing }
        isAnswered()
        self.pending = nil
        switch pending {
        case .hold(let holds): return .answered(Self.failure(of: holds), news: 0)
        case .release(let release): return .answered(release.answer, news: release.news)
        }
    }

    private mutating func isAnswered() {
        isSent = false
        group += 1
    }

    private static func failure(of holds: [HeldRequest.Hold]) -> HeldReply {
        .held(holds.map { HeldReply.Answer(ticket: $0.ticket, .failed) })
    }

    // MARK: Connections

    /// The connection broke. The command is sent again, under the same number.
    mutating func disconnected() { isSent = false }

    /// The shard can't be reached. What was never sent fails.
    mutating func gaveUp() -> [HeldReply] {
        defer { waiting = [] }
        return waiting.map(\.failure)
    }
}
