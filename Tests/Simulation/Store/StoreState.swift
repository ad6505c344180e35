internal import Chat
internal import Reactor
internal import TestSupport

/// The behaviour of a simulated store, drawn from its seed.
struct StoreState {
    var faults: StoreFaults
    var hangs = false
    var isSilent = false
    /// Whether the next group, whose outcome stays unknown, is stored. Nil: the faults decide.
    var lostAnswer: Bool?
    /// Whether to wake the server.
    var wakes = false

    var disk: Disk
    private(set) var requests: [OrdererRequest] = []
    private(set) var breaches: [String] = []
    private(set) var hasFailedToRead = false
    private(set) var metrics = StoreMetrics()

    private var random: SplitMix64
    private(set) var time: WorldTime
    var phase: StorePhase
    var schedule: StoreSchedule
    var book = SubmissionBook()
    var rooms = FollowedRooms()
    /// Replies that weren't taken.
    private var replies: [OrdererReply] = []

    init(disk: Disk, faults: StoreFaults, seed: UInt64, time: WorldTime) {
        (self.disk, self.faults, self.time) = (disk, faults, time)
        random = SplitMix64(seed: seed)
        schedule = StoreSchedule(at: time)
        let opens = random.moment(
            after: StoreMoment(time), milliseconds: faults.opening, turns: 0)
        phase = StorePhase(opensAt: opens.time)
        if faults.failsToOpen { fail(until: Instant(nanoseconds: .max)) }
    }

    mutating func submit(_ request: OrdererRequest) {
        requests.append(request)
        let limit: Int
        switch request {
        case .append(let group):
            limit = faults.commit
            breaches += book.received(group)
            if schedule.appendProgress != .none { breaches.append("two groups are under way") }
        case .follow, .catchUp: limit = faults.read
        case .unfollow, .notify, .present: limit = 0
        case .change, .report, .held: limit = faults.commit
        case .read(_, let from, let through):
            limit = faults.read
            if through < from { breaches.append("a read of \(from) to \(through)") }
        }
        let delay = random.happens(500) ? 0 : limit
        let done = later(than: StoreMoment(time), by: delay)
        let answered = later(than: done, by: random.happens(800) ? 0 : delay)
        schedule.add(request, done: done, answered: answered)
    }

    mutating func takeReplies() -> [OrdererReply] {
        defer { replies = [] }
        return replies
    }

    var appendProgress: AppendProgress {
        replies.contains { if case .answered = $0 { true } else { false } }
            ? .answered : schedule.appendProgress
    }

    // MARK: Going on

    /// The time has advanced: does what is due.
    mutating func advance(to time: WorldTime) {
        self.time = time
        guard !hangs else { return }
        if random.happens(faults.wakes) { wakes = true }
        passPhase()
        perform(at: time)
    }

    /// Handles everything due at this instant, in whatever turn, until the server is to be woken.
    mutating func hurry() {
        guard !hangs else { return }
        passPhase()
        while !wakes, let turn = moments.filter({ $0.time <= time.now }).map(\.turn).min() {
            perform(at: WorldTime(now: time.now, wallClock: time.wallClock, turn: turn))
        }
    }

    private var moments: [StoreMoment] { phase.mayGoOn ? schedule.moments(isSilent: isSilent) : [] }

    /// When something happens next, if nothing is submitted before.
    var next: Instant? {
        hangs ? nil : (moments.map(\.time) + (phase.next.map { [$0] } ?? [])).min()
    }

    private mutating func passPhase() {
        while let change = phase.pass(to: time.now) {
            metrics.isFailing = false
            switch change {
            case .opened: say(.ready(disk.opening(at: time.wallClock)))
            case .recovered: say(.recovered)
            }
        }
    }

    private mutating func perform(at time: WorldTime) {
        guard phase.mayGoOn else { return }
        for item in schedule.takeWork(at: time) { perform(item) }
        guard !isSilent else { return }
        for reply in schedule.takeReplies(at: time) { say(reply) }
    }

    private mutating func perform(_ item: StoreSchedule.Work) {
        switch item.request {
        case .append(let group): append(group, answered: item.answered)
        case .follow(let room), .catchUp(let room): follow(room, answered: item.answered)
        case .unfollow(let room): rooms.gaveUp(room)
        case .notify: break
        case .present: breaches.append("a store has no other servers")
        case .change(let request): change(request, answered: item.answered)
        case .report: report(item, at: time.wallClock)
        case .held(let request): held(request, answered: item.answered)
        case .read(let room, let from, let through):
            schedule.say(
                failsToRead()
                    ? .readFailed(room, from: from)
                    : .read(room, from: from, disk.page(of: room, from: from, through: through)),
                at: item.answered)
        }
    }

    mutating func say(_ reply: OrdererReply) {
        if replies.isEmpty { wakes = true }
        replies.append(reply)
    }

    // MARK: Rooms

    private mutating func follow(_ room: RoomName, answered moment: StoreMoment) {
        guard !failsToRead() else {
            rooms.gaveUp(room)
            return schedule.tell(.followFailed(room), at: moment)
        }
        rooms.followed(room)
        schedule.tell(.following(room, disk.snapshot(of: room)), at: moment)
    }

    private mutating func failsToRead() -> Bool {
        if !phase.wasOpen, !faults.readsUnopened { return true }
        let fails = random.happens(faults.readFailures)
        if fails { hasFailedToRead = true }
        return fails
    }

    mutating func lag(_ room: RoomName, at moment: StoreMoment? = nil) {
        guard rooms.hearing(of: room) == .all else { return }
        rooms.lagged(room)
        schedule.tell(.lagging(room), at: moment ?? StoreMoment(time))
    }

    mutating func tell(_ entries: EntriesByRoom, at moment: StoreMoment) {
        for (room, entries) in entries.rooms {
            switch rooms.hearing(of: room) {
            case .nothing: continue
            case .some: guard random.happens(500) else { continue }
            case .all:
                guard !random.happens(faults.lags) else {
                    lag(room, at: moment)
                    continue
                }
            }
            schedule.tell(.entries(room, entries), at: moment)
        }
    }

    // MARK: Appends

    private mutating func append(_ group: [Submission], answered moment: StoreMoment) {
        if phase.isOpen, random.happens(faults.failures) {
            fail(until: later(than: StoreMoment(time), by: faults.outage).time)
        }
        guard phase.isOpen else { return refuse(group, answered: moment) }
        let lost = lostAnswer ?? (random.happens(faults.unknowns) ? random.happens(500) : nil)
        lostAnswer = nil
        let entries = lost == false ? EntriesByRoom() : store(group)
        let answers = book.answer(group, telling: { _ in lost == nil })
        let isEarly = random.happens(faults.earlyAnswers)
        let later = later(than: moment, by: 0)
        if !isEarly { tell(entries, at: moment) }
        schedule.say(.answered(answers), at: isEarly || random.happens(700) ? moment : later)
        if isEarly { tell(entries, at: later) }
    }

    private mutating func store(_ group: [Submission]) -> EntriesByRoom {
        let entries = book.store(group, on: &disk)
        metrics.groups += 1
        metrics.linesStored += entries.count
        if random.happens(faults.prunings) { prune() }
        return entries
    }

    /// Nothing can be stored. Sometimes the store can't even tell what it has.
    private mutating func refuse(_ group: [Submission], answered moment: StoreMoment) {
        metrics.failedGroups += 1
        let isBlind = group.contains { book.isUntold($0.id) } && random.happens(500)
        let answers = book.answer(group, telling: { isUntold in !(isBlind && isUntold) })
        schedule.say(.answered(answers), at: moment)
    }

    private mutating func prune() {
        let room = random.pick(disk.rooms)
        let (oldest, last) = (disk.oldest(of: room), disk.lastSeq(of: room))
        prune(room, before: UInt64(random.number(in: Int(oldest)...Int(last + 1))))
    }

    mutating func prune(_ room: RoomName, before oldest: UInt64) {
        let before = disk.oldest(of: room)
        disk.prune(room, before: oldest)
        metrics.linesPruned += Int(disk.oldest(of: room) - before)
        say(.pruned(room, oldest: disk.oldest(of: room)))
    }

    // MARK: Failing and closing

    mutating func fail(until end: Instant) {
        guard phase.fail(until: end) else { return }
        metrics.isFailing = true
        say(.failing(reason: "as the seed decides"))
    }

    mutating func recover() {
        guard phase.recover() else { return }
        metrics.isFailing = false
        say(.recovered)
    }

    /// Finishes all submissions.
    mutating func close() {
        guard phase.isOpen else { return }
        for item in schedule.takeAppends() { perform(item) }
    }

    private mutating func later(than moment: StoreMoment, by milliseconds: Int) -> StoreMoment {
        random.moment(after: moment, milliseconds: milliseconds, turns: faults.turns)
    }
}
