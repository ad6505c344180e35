internal import Chat
internal import Reactor

/// The pending work and replies of a simulated store, with their times.
///
/// Appends, and requests to follow or unfollow rooms, are done in the order of submission. Reads
/// are done when they are due. Replies about rooms keep the order of the work, so that no entry
/// overtakes a snapshot without it.
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

    /// Work that isn't done.
    private var work: [Work] = []
    /// Replies that are due later.
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

    /// Takes the work that is due now, in order.
    mutating func takeWork(at time: WorldTime) -> [Work] {
        defer { work.removeAll { $0.done.isDue(at: time) } }
        return work.filter { $0.done.isDue(at: time) }
    }

    /// Takes the groups that aren't done.
    mutating func takeAppends() -> [Work] {
        defer { work = [] }
        return work.filter(\.isAppend)
    }

    /// Schedules a reply.
    mutating func say(_ reply: OrdererReply, at moment: StoreMoment) {
        replies.append(DueReply(reply: reply, moment: moment))
    }

    /// Schedules a reply about a room, after all earlier replies about rooms.
    mutating func tell(_ reply: OrdererReply, at moment: StoreMoment) {
        lastTold = moment.notBefore(lastTold)
        say(reply, at: lastTold)
    }

    /// Takes the replies that are due now, in order.
    mutating func takeReplies(at time: WorldTime) -> [OrdererReply] {
        defer { replies.removeAll { $0.moment.isDue(at: time) } }
        return replies.filter { $0.moment.isDue(at: time) }.map(\.reply)
    }

    /// Takes all replies, which are due now.
    mutating func takeAllReplies() -> [OrdererReply] {
        defer { replies = [] }
        return replies.map(\.reply)
    }

    /// The times of pending work and, unless the store is silent, of pending replies.
    func moments(isSilent: Bool) -> [StoreMoment] {
        work.map(\.done) + (isSilent ? [] : replies.map(\.moment))
    }

    /// The progress of the group that isn't answered.
    var appendProgress: AppendProgress {
        if replies.contains(where: \.isAnswer) { return .committed }
        return work.contains(where: \.isAppend) ? .submitted : .none
    }
}
