internal import Chat
internal import Reactor

/// What a simulated store has to do and to say, and when.
///
/// Appends, and requests to follow or give up rooms, are done in the order in which they were
/// submitted; reads are done when they are due. What is told of rooms comes in the order in which
/// it was done: so no entry overtakes the snapshot that lacks it.
struct StoreSchedule {
    struct Work {
        let request: OrdererRequest
        let done: StoreMoment
        let answered: StoreMoment

        var isAppend: Bool { if case .append = request { true } else { false } }

        /// Whether it is done in the order of submission.
        var keepsPlace: Bool { if case .read = request { false } else { true } }
    }

    private struct DueReply {
        let reply: OrdererReply
        let moment: StoreMoment

        var isAnswer: Bool { if case .answered = reply { true } else { false } }
    }

    /// What is not done yet.
    private var work: [Work] = []
    /// What is done and not said yet.
    private var replies: [DueReply] = []
    private var lastDone: StoreMoment
    private var lastTold: StoreMoment

    init(at time: WorldTime) {
        lastDone = StoreMoment(time)
        lastTold = lastDone
    }

    mutating func add(_ request: OrdererRequest, done: StoreMoment, answered: StoreMoment) {
        let item = Work(request: request, done: done, answered: answered)
        guard item.keepsPlace else { return work.append(item) }
        lastDone = done.notBefore(lastDone)
        work.append(
            Work(request: request, done: lastDone, answered: answered.notBefore(lastDone)))
    }

    /// Takes out what is to be done now, in its order.
    mutating func takeWork(at time: WorldTime) -> [Work] {
        defer { work.removeAll { $0.done.isDue(at: time) } }
        return work.filter { $0.done.isDue(at: time) }
    }

    /// Takes out the groups that are not done.
    mutating func takeAppends() -> [Work] {
        defer { work = [] }
        return work.filter(\.isAppend)
    }

    /// Has something said at a moment.
    mutating func say(_ reply: OrdererReply, at moment: StoreMoment) {
        replies.append(DueReply(reply: reply, moment: moment))
    }

    /// Has something of a room said at a moment, but behind all that was told of rooms before.
    mutating func tell(_ reply: OrdererReply, at moment: StoreMoment) {
        lastTold = moment.notBefore(lastTold)
        say(reply, at: lastTold)
    }

    /// Takes out what is to be said now, in its order.
    mutating func takeReplies(at time: WorldTime) -> [OrdererReply] {
        defer { replies.removeAll { $0.moment.isDue(at: time) } }
        return replies.filter { $0.moment.isDue(at: time) }.map(\.reply)
    }

    /// When there is something to do or, unless the store keeps silent, to say.
    func moments(isSilent: Bool) -> [StoreMoment] {
        work.map(\.done) + (isSilent ? [] : replies.map(\.moment))
    }

    /// How far the group that is not answered has come.
    var appendProgress: AppendProgress {
        if replies.contains(where: \.isAnswer) { return .committed }
        return work.contains(where: \.isAppend) ? .submitted : .none
    }
}
