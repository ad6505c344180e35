internal import Chat
public import Reactor

extension ChatSession {
    /// The outcomes that are due at this time. Call it after ``say(_:in:using:)``, and when the
    /// deadline has passed.
    public mutating func proceed(at now: Instant) -> [ChatOutcome] {
        switch link {
        case .offline: return []
        case .opened(let since):
            guard since.advanced(byMilliseconds: Self.greetingPatience) <= now else { return [] }
            return [.drop(reason: "it sent no welcome")]
        case .welcomed: break
        }
        if let silent = silenceDeadline, silent <= now {
            return [.drop(reason: "it has been silent for too long")]
        }
        // A server that stops may lose what it is sent. The lines go to the next connection.
        guard closing == nil else { return [] }
        var outcomes: [ChatOutcome] = []
        join(at: now, &outcomes)
        recall(at: now, &outcomes)
        sendOrders(&outcomes)
        sendLine(at: now, &outcomes)
        return outcomes
    }

    /// When to call ``proceed(at:)`` again if nothing else happens. Nil for never.
    public var deadline: Instant? {
        switch link {
        case .offline: return nil
        case .opened(let since): return since.advanced(byMilliseconds: Self.greetingPatience)
        case .welcomed: break
        }
        guard closing == nil else { return silenceDeadline }
        var deadlines = [silenceDeadline].compactMap { $0 }
        if let recall = recalls.first, recall.request == nil, isInside(recall.gap.room) {
            deadlines += [recall.notBefore].compactMap { $0 }
        }
        for room in rooms {
            if case .waiting(let until) = room.membership { deadlines.append(until) }
        }
        // Wait for the later of both times. Waking at the first would be useless.
        if let line = nextToSend, let last = [line.notBefore, nextLine].compactMap({ $0 }).max() {
            deadlines.append(last)
        }
        return deadlines.min()
    }

    private var silenceDeadline: Instant? {
        silenceLimit == 0 ? nil : lastHeard.advanced(byMilliseconds: silenceLimit)
    }

    /// The next line to send: the first whose room is entered. Nil while one is in flight.
    private var nextToSend: PendingLine? {
        guard !pending.contains(where: \.isInFlight) else { return nil }
        return pending.first { isInside($0.room) }
    }

    private mutating func join(at now: Instant, _ outcomes: inout [ChatOutcome]) {
        for index in rooms.indices {
            switch rooms[index].membership {
            case .outside: break
            case .waiting(let until): guard until <= now else { continue }
            case .joining, .inside, .refused: continue
            }
            let id = nextCommandID()
            let entry = rooms[index].entry(historyLines: historyLines)
            rooms[index].membership = .joining(id: id)
            let join = ClientCommand.join(
                room: rooms[index].name, username: username, entry, rev: rooms[index].rev, id: id)
            outcomes.append(.send(join))
        }
    }

    /// Fetches one page at a time.
    private mutating func recall(at now: Instant, _ outcomes: inout [ChatOutcome]) {
        guard let recall = recalls.first, recall.request == nil, isInside(recall.gap.room),
            recall.notBefore.map({ $0 <= now }) ?? true
        else { return }
        outcomes.append(.send(recalls[0].ask(id: nextCommandID())))
    }

    private mutating func sendLine(at now: Instant, _ outcomes: inout [ChatOutcome]) {
        while let line = nextToSend, let index = pending.firstIndex(where: { $0.id == line.id }) {
            if let first = line.firstSent,
                first.advanced(byMilliseconds: Self.resendPeriod) < now
            {
                outcomes.append(.uncertain(pending.remove(at: index)))
                continue
            }
            guard line.notBefore.map({ $0 <= now }) ?? true else { return }
            let command = ClientCommand.message(room: line.room, text: line.text, id: line.id)
            if let limit = limits?.messageBytes, limit > 0, command.text.count > limit {
                let problem = ServerEvent.Problem(
                    id: line.id, code: "message_too_long",
                    reason: "The line is longer than the server's limit of \(limit) bytes.")
                outcomes.append(.refused(pending.remove(at: index), problem))
                continue
            }
            guard mayTalk(at: now) else { return }
            pending[index].isInFlight = true
            pending[index].notBefore = nil
            pending[index].firstSent = line.firstSent ?? now
            outcomes.append(.send(command))
            return
        }
    }

    /// Whether the server's rate limit lets a line through.
    private mutating func mayTalk(at now: Instant) -> Bool {
        nextLine = nil
        guard let limits, limits.linesPerSecond > 0 else { return true }
        let wait = bucket.take(
            rate: limits.linesPerSecond, burst: limits.lineBurst, at: now.milliseconds)
        guard let wait else { return true }
        nextLine = now.advanced(byMilliseconds: wait)
        return false
    }
}
