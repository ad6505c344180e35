package import Chat
internal import Reactor
internal import Synchronization
internal import TestSupport

/// A store that keeps lines on a ``Disk``. What is asked of it is done some time later, and
/// answered some time after that, as a seed has it; both are counted in time and in turns of the
/// server. It goes on when the world tells it how late it is.
package final class SimulatedStore: HistoryStore {
    private let state: Mutex<State>

    init(on disk: Disk, faults: StoreFaults, seed: UInt64, at time: WorldTime) {
        state = Mutex(State(disk: disk, faults: faults, seed: seed, time: time))
    }

    package func submit(_ request: HistoryRequest) { state.withLock { $0.submit(request) } }

    package func takeReplies(into replies: inout [HistoryReply]) {
        replies += state.withLock { $0.takeReplies() }
    }

    /// What is on the disk now.
    package var disk: Disk { state.withLock { $0.disk } }
    /// What it was asked for so far.
    package var requests: [HistoryRequest] { state.withLock { $0.requests } }
    /// What the server did against the contract.
    package var breaches: [String] { state.withLock { $0.breaches } }
    /// A read, or a look at a room, failed at some time.
    var hasFailedToRead: Bool { state.withLock { $0.hasFailedToRead } }
    /// How far the group that is under way has come.
    var progress: AppendProgress { state.withLock { $0.appendProgress } }

    package var faults: StoreFaults {
        get { state.withLock { $0.faults } }
        set { state.withLock { $0.faults = newValue } }
    }

    /// From now on, until it is told otherwise, it does nothing.
    package func hang(_ hangs: Bool = true) { state.withLock { $0.hangs = hangs } }

    /// From now on, until it is told otherwise, it does what it is asked to, and answers nothing.
    package func keepSilent(_ isSilent: Bool = true) { state.withLock { $0.isSilent = isSilent } }

    /// Reads, and looks at rooms, fail from now on, or succeed again.
    package func failReads(_ fail: Bool = true) {
        state.withLock { $0.faults.readFailures = fail ? 1_000 : 0 }
    }

    /// Gives up all lines of a room before this one, and says so.
    package func prune(_ room: RoomName, before oldest: UInt64) {
        state.withLock { $0.prune(room, before: oldest) }
    }

    /// Appends fail from now on, until ``recover()``.
    package func fail() { state.withLock { $0.fail(until: Instant(nanoseconds: .max)) } }

    /// Appends succeed again.
    package func recover() { state.withLock { $0.recover() } }

    /// Finishes what was submitted, as a store does that is closed in good order.
    func close() { state.withLock { $0.close() } }

    /// It is that late now.
    func advance(to time: WorldTime) {
        state.withLock { state in
            state.time = time
            state.step()
        }
    }

    /// Whether the server is to be woken.
    var wakes: Bool { state.withLock { $0.wakes } }

    /// Nothing else goes on: the server waits for what is due at this instant, whatever turn it
    /// was due in. Returns whether the server is to be woken.
    func hurry() -> Bool {
        state.withLock { state in
            state.hurry()
            return state.wakes
        }
    }

    /// The server was woken.
    func woke() { state.withLock { $0.wakes = false } }

    /// When something happens next, if nothing is submitted meanwhile.
    var next: Instant? { state.withLock { $0.next } }
}

/// What a store has to do and to say.
private struct State {
    /// When something is due: both must have come.
    struct Moment {
        var time: Instant
        var turn: Int
    }

    struct Work {
        let request: HistoryRequest
        let done: Moment
        let answered: Moment
        /// What came of it; nil until it is done.
        var reply: HistoryReply?

        var isAppend: Bool {
            switch request {
            case .append: true
            case .open, .read: false
            }
        }

        var next: Moment { reply == nil ? done : answered }
    }

    enum Phase {
        case unopened
        case open
        case failing(until: Instant)
    }

    var disk: Disk
    var faults: StoreFaults
    var random: SplitMix64
    var time: WorldTime
    var phase = Phase.unopened
    /// When it opens; nil once it has.
    var opens: Instant?
    var hangs = false
    var isSilent = false
    var work: [Work] = []
    var replies: [HistoryReply] = []
    var wakes = false
    var requests: [HistoryRequest] = []
    var breaches: [String] = []
    var hasFailedToRead = false

    init(disk: Disk, faults: StoreFaults, seed: UInt64, time: WorldTime) {
        self.disk = disk
        self.faults = faults
        self.time = time
        random = SplitMix64(seed: seed)
        opens = after(faults.opening)
        if faults.failsToOpen { fail(until: Instant(nanoseconds: .max)) }
    }

    mutating func submit(_ request: HistoryRequest) {
        requests.append(request)
        let isSlow: Int
        switch request {
        case .append(let drafts):
            isSlow = faults.commit
            if drafts.isEmpty { breaches.append("an empty group was submitted") }
            if work.contains(where: \.isAppend) { breaches.append("two groups are under way") }
        case .open: isSlow = faults.read
        case .read(_, let from, let through):
            isSlow = faults.read
            if through < from { breaches.append("a read of \(from) to \(through)") }
        }
        // Half of the work is quick even where it may be slow.
        let delay = random.happens(500) ? 0 : isSlow
        let done = Moment(time: after(delay), turn: time.turn + random.number(in: 0...faults.turns))
        let answered = Moment(
            time: later(done.time, by: random.happens(800) ? 0 : delay),
            turn: done.turn + random.number(in: 0...faults.turns))
        work.append(Work(request: request, done: done, answered: answered))
    }

    private mutating func after(_ limit: Int) -> Instant { later(time.now, by: limit) }

    private mutating func later(_ start: Instant, by limit: Int) -> Instant {
        let milliseconds = UInt64(random.number(in: 0...limit))
        return Instant(nanoseconds: start.nanoseconds + milliseconds * 1_000_000)
    }

    mutating func takeReplies() -> [HistoryReply] {
        defer { replies = [] }
        return replies
    }

    private mutating func say(_ reply: HistoryReply) {
        if replies.isEmpty { wakes = true }
        replies.append(reply)
    }

    // MARK: Going on

    /// Does and answers what is due.
    mutating func step() {
        guard !hangs else { return }
        if random.happens(faults.wakes) { wakes = true }
        passPhase()
        perform { $0.time <= $1.now && $0.turn <= $1.turn }
    }

    mutating func hurry() {
        guard !hangs else { return }
        passPhase()
        while !wakes, let turn = dueTurns.min() {
            perform { $0.time <= $1.now && $0.turn <= turn }
        }
    }

    private var dueTurns: [Int] {
        work.indices.filter { mayGoOn(work[$0]) && work[$0].next.time <= time.now }
            .map { work[$0].next.turn }
    }

    var next: Instant? {
        guard !hangs else { return nil }
        var times = work.filter(mayGoOn).map(\.next.time)
        if let opens { times.append(opens) }
        if case .failing(let end) = phase, opens == nil { times.append(end) }
        return times.min()
    }

    /// Before the store is open nothing is done, unless it has said that it fails.
    private func mayGoOn(_ work: Work) -> Bool {
        if isSilent, work.reply != nil { return false }
        switch phase {
        case .unopened: return false
        case .open, .failing: return true
        }
    }

    private mutating func passPhase() {
        if let opens, opens <= time.now {
            self.opens = nil
            phase = .open
            let oldest = Timestamp(milliseconds: time.wallClock - RecentSends.period)
            say(.ready(HistoryOpening(epoch: disk.epoch, sends: disk.sends(since: oldest))))
        }
        if case .failing(let end) = phase, opens == nil, end <= time.now { recover() }
    }

    private mutating func perform(whereDue isDue: (Moment, WorldTime) -> Bool) {
        for place in work.indices where mayGoOn(work[place]) && isDue(work[place].done, time) {
            if work[place].reply == nil { work[place].reply = reply(to: work[place].request) }
        }
        var left: [Work] = []
        for item in work {
            if let reply = item.reply, !isSilent, isDue(item.answered, time) {
                say(reply)
            } else {
                left.append(item)
            }
        }
        work = left
    }

    private mutating func reply(to request: HistoryRequest) -> HistoryReply {
        switch request {
        case .append(let drafts): return append(drafts)
        case .open(let room):
            return failsToRead() ? .openFailed(room) : .opened(room, disk.record(of: room))
        case .read(let room, let from, let through):
            guard !failsToRead() else { return .readFailed(room, from: from) }
            return .read(room, from: from, disk.page(of: room, from: from, through: through))
        }
    }

    private mutating func failsToRead() -> Bool {
        let fails = random.happens(faults.readFailures)
        if fails { hasFailedToRead = true }
        return fails
    }

    // MARK: Appends

    private mutating func append(_ drafts: [Draft]) -> HistoryReply {
        if case .open = phase, random.happens(faults.failures) { fail(until: after(faults.outage)) }
        guard case .open = phase else { return .appendFailed }
        let seqs = disk.append(drafts)
        if random.happens(faults.prunings) { prune() }
        return .appended(seqs)
    }

    private mutating func prune() {
        let room = random.pick(disk.rooms)
        let (oldest, last) = (disk.oldest(of: room), disk.lastSeq(of: room))
        prune(room, before: UInt64(random.number(in: Int(oldest)...Int(last + 1))))
    }

    mutating func prune(_ room: RoomName, before oldest: UInt64) {
        disk.prune(room, before: oldest)
        say(.pruned(room, oldest: disk.oldest(of: room)))
    }

    mutating func fail(until end: Instant) {
        if case .failing = phase { return }
        phase = .failing(until: end)
        say(.failing(reason: "the seed has it"))
    }

    mutating func recover() {
        guard case .failing = phase, opens == nil else { return }
        phase = .open
        say(.recovered)
    }

    mutating func close() {
        guard case .open = phase else { return }
        for item in work where item.isAppend && item.reply == nil { _ = reply(to: item.request) }
        work = []
    }

    var appendProgress: AppendProgress {
        let isAnswered = replies.contains {
            if case .appended = $0 { true } else { false }
        }
        if isAnswered { return .answered }
        guard let append = work.first(where: \.isAppend) else { return .none }
        return append.reply == nil ? .submitted : .committed
    }
}
