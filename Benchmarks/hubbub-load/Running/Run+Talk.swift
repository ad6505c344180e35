internal import Reactor

extension Run {
    /// Seconds after the end in which overdue lines are still sent.
    private static let overtime = 1.0
    /// The number of lines sent, or connections reopened, between two reads.
    private static let linesAtOnce = 64
    private static let openingsAtOnce = 256

    /// Sends each line when it is due, or when there is room for it, while clients come, go and
    /// stall by the scenario.
    mutating func talk(from start: Instant) throws(Failure) {
        let end = start.advanced(bySeconds: settings.length)
        var schedule = Schedule(
            start: start.advanced(bySeconds: lag), rate: share.rate, seconds: settings.length,
            speakers: share.speakers)
        var script = Script(share, start: start)
        crowd.timing.split = script.split
        crowd.collectsEchoes = settings.scenario == .flood
        var isFlowing = false
        while goesOn {
            crowd.now = crowd.network.now()
            try sendDue(&schedule)
            if settings.scenario == .flood, start <= crowd.now, crowd.now < end {
                if !isFlowing { try fillWindows() }
                isFlowing = true
                try refillWindows()
            }
            try act(&script)
            let isSettled = crowd.returning.isEmpty && crowd.opening == 0
            if crowd.now >= end, schedule.left == 0, isSettled { break }
            let overtime = isSettled ? Self.overtime : Crowd.returnPatience
            if crowd.now > end.advanced(bySeconds: overtime) { break }
            try tick(until: wakeUp(schedule, script, end: end))
        }
        try endTalk(schedule)
    }

    /// The offset of this process's lines. Lines of the processes are due in turn.
    private var lag: Double {
        share.rate > 0 ? Double(share.index) / (share.rate * Double(share.count)) : 0
    }

    private mutating func sendDue(_ schedule: inout Schedule) throws(Failure) {
        var taken = 0
        while taken < Self.linesAtOnce, let entry = schedule.take(at: crowd.now) {
            try crowd.sendLine(entry)
            latest = max(latest, crowd.now.nanoseconds - entry.due.nanoseconds)
            taken += 1
        }
    }

    private mutating func fillWindows() throws(Failure) {
        for _ in 0..<settings.window {
            for speaker in share.speakers {
                try crowd.sendLine(Schedule.Entry(sender: speaker, due: crowd.now))
            }
        }
    }

    private mutating func refillWindows() throws(Failure) {
        let echoes = crowd.echoes
        crowd.echoes.removeAll(keepingCapacity: true)
        for speaker in echoes {
            try crowd.sendLine(Schedule.Entry(sender: speaker, due: crowd.now))
        }
    }

    private func wakeUp(_ schedule: Schedule, _ script: Script, end: Instant) -> Instant {
        var next = schedule.nextDue ?? Instant(nanoseconds: .max)
        if let act = script.nextDue, !isStormy { next = min(next, act) }
        if !crowd.echoes.isEmpty { next = crowd.now }
        for entry in crowd.returning { next = min(next, entry.due) }
        // The end itself is one more reason to wake.
        return end > crowd.now ? min(next, end) : next
    }

    private mutating func endTalk(_ schedule: Schedule) throws(Failure) {
        for index in share.stalling { try crowd.setStalled(index, false) }
        noteReturns(isLastCall: true)
        crowd.giveUpOnReturning()
        crowd.collectsEchoes = false
        if goesOn { linesUnsent = schedule.left }
    }

    // Actions besides lines.

    private mutating func act(_ script: inout Script) throws(Failure) {
        while let act = script.take(at: crowd.now, isStormy: isStormy) {
            switch act {
            case .stall: for index in share.stalling { try crowd.setStalled(index, true) }
            case .storm: try storm()
            case .leave(let index):
                churned += 1
                let isPolite = churned.isMultiple(of: 2)
                try crowd.leave(
                    index, politely: isPolite, keepsPlace: !isPolite, returns: crowd.now)
            }
        }
        try crowd.reopen(atMost: Self.openingsAtOnce)
        noteReturns()
    }

    private mutating func storm() throws(Failure) {
        noteReturns(isLastCall: true)
        let returns = crowd.now.advanced(bySeconds: settings.away)
        (crowd.gone, crowd.resumed, crowd.retries) = (0, 0, 0)
        for index in share.leaving {
            try crowd.leave(index, politely: false, keepsPlace: true, returns: returns)
        }
        let span = Outcome.Span(from: returns.nanoseconds, to: returns.nanoseconds)
        rounds.append(Outcome.Round(span: span, connections: crowd.gone))
        isStormy = true
    }

    /// Ends the storm when all are back, or when their time is over.
    private mutating func noteReturns(isLastCall: Bool = false) {
        guard isStormy, isLastCall || crowd.gone == 0 else { return }
        isStormy = false
        let last = rounds.count - 1
        rounds[last].span.to = crowd.now.nanoseconds
        rounds[last].back = rounds[last].connections - crowd.gone
        rounds[last].resumed = crowd.resumed
        rounds[last].retries = crowd.retries
    }
}
