/// The nodes that attend a shard, and which of them live.
///
/// A node lives while its attendance grows. Only the clock of this node counts, so it doesn't
/// matter what the clocks of the shard and of other nodes say.
struct Attendants {
    /// What an answer of the shard has changed.
    struct News {
        /// The shard has forgotten this node meanwhile, or has never known it.
        var isForgotten = false
        /// Which nodes live has changed.
        var areOthers = false
        /// Nodes that the shard has forgotten long ago.
        var gone: [NodeRun] = []
        /// Nodes that have died.
        var dead: [Attendance] = []
    }

    private struct Attendant {
        var attendance: Attendance
        /// When it grew.
        var grown: UInt64
        var lives = true
    }

    private let own: NodeRun
    private var others: [NodeName: Attendant] = [:]
    /// Nodes that the shard has forgotten, and when they count as gone.
    private var leaving: [(run: NodeRun, end: UInt64)] = []
    private var first: UInt64?
    /// The time of the last answer.
    private var answered: UInt64 = 0

    init(_ own: NodeRun) {
        self.own = own
    }

    /// Whether the shard knows this run, dead or not.
    func knows(_ run: NodeRun) -> Bool { others[run.name]?.attendance.run == run }

    func lives(_ run: NodeRun) -> Bool {
        guard let attendant = others[run.name], attendant.attendance.run == run else {
            return false
        }
        return attendant.lives
    }

    /// The shard has told who attends.
    mutating func attended(_ list: [Attendance], at now: UInt64) -> News {
        var news = News()
        let wasPaused = answered + PresenceLimits.pause < now
        answered = now
        var left = others
        for attendance in list {
            guard attendance.run != own else {
                news.isForgotten = first != attendance.first
                first = attendance.first
                continue
            }
            left[attendance.run.name] = nil
            took(attendance, wasPaused: wasPaused, at: now, into: &news)
        }
        for attendant in left.values {
            others[attendant.attendance.run.name] = nil
            leaves(attendant.attendance.run, at: now)
            news.areOthers = true
        }
        while let next = leaving.first, next.end <= now {
            leaving.removeFirst()
            if !knows(next.run) { news.gone.append(next.run) }
        }
        return news
    }

    private mutating func took(
        _ attendance: Attendance, wasPaused: Bool, at now: UInt64, into news: inout News
    ) {
        let name = attendance.run.name
        guard var known = others[name], known.attendance.run == attendance.run else {
            if let former = others[name]?.attendance.run { leaves(former, at: now) }
            others[name] = Attendant(attendance: attendance, grown: now)
            news.areOthers = true
            return
        }
        let hasGrown = known.attendance != attendance
        known.attendance = attendance
        if hasGrown || wasPaused && known.lives { known.grown = now }
        let lives = hasGrown || known.lives && now < known.grown + PresenceLimits.silence
        if lives != known.lives { news.areOthers = true }
        known.lives = lives
        if !lives { news.dead.append(attendance) }
        others[name] = known
    }

    private mutating func leaves(_ run: NodeRun, at now: UInt64) {
        leaving.append((run, now + PresenceLimits.farewell))
    }
}
