internal import Chat
public import Reactor

extension ChatSession {
    /// The server has sent an event.
    public mutating func received(_ event: ServerEvent, at now: Instant) -> [ChatOutcome] {
        var outcomes: [ChatOutcome] = []
        switch event {
        case .welcome(let welcome): received(welcome, at: now, &outcomes)
        case .joined(let joined): received(joined, &outcomes)
        case .message(let line): received(line, &outcomes)
        case .gap(let gap): received(gap, &outcomes)
        case .epoch(let epoch): received(epoch, &outcomes)
        case .ack(let ack): received(ack, &outcomes)
        case .history(let page): received(page, &outcomes)
        case .error(let problem): received(problem, at: now, &outcomes)
        case .left(let left): received(left, &outcomes)
        case .presence(let presence): outcomes.append(.presence(presence))
        case .members(let members): outcomes.append(.members(members))
        case .closing(let closing):
            self.closing = closing
            outcomes.append(.closing(closing))
        case .tombstone(let tombstone): received(tombstone, &outcomes)
        case .deleted(let removal): received(removal, mayGoOn: false, &outcomes)
        case .purged(let removal): received(removal, mayGoOn: true, &outcomes)
        case .restored(let restored): received(restored, &outcomes)
        case .room(let change): received(change, &outcomes)
        case .held(let held): outcomes.append(.held(held))
        case .released(let decision): received(decision, isReleased: true, &outcomes)
        case .rejected(let decision): received(decision, isReleased: false, &outcomes)
        case .modlog(let log): received(log, &outcomes)
        case .unknown: break
        }
        return outcomes + proceed(at: now)
    }

    private mutating func received(
        _ welcome: ServerEvent.Welcome, at now: Instant, _ outcomes: inout [ChatOutcome]
    ) {
        link = .welcomed(since: now)
        limits = welcome.limits
        bucket = TokenBucket()
        nextLine = nil
        // The server pings if it hears nothing for that long. One ping may get stuck behind lines.
        silenceLimit = 2 * min(welcome.pingInterval, Self.longestWait)
        outcomes.append(.welcomed(welcome))
    }

    private mutating func received(
        _ joined: ServerEvent.Joined, _ outcomes: inout [ChatOutcome]
    ) {
        guard let index = roomIndex(joined.room) else { return }
        let entrance = rooms[index].joined(joined, historyLines: historyLines)
        outcomes.append(.joined(joined, jumped: entrance == .jumped))
        if let settings = joined.settings {
            outcomes.append(.settings(room: joined.room, settings))
        }
        guard entrance == .jumped else { return }
        giveUpRecalls(of: joined.room, after: 0, &outcomes)
    }

    private mutating func received(
        _ line: ServerEvent.Message, _ outcomes: inout [ChatOutcome]
    ) {
        guard let index = roomIndex(line.room), rooms[index].membership == .inside else { return }
        switch rooms[index].received(seq: line.seq) {
        case .old: return
        case .next: break
        case .behind(let gap): missed(gap, &outcomes)
        }
        outcomes.append(.line(line))
    }

    private mutating func received(_ gap: ServerEvent.Gap, _ outcomes: inout [ChatOutcome]) {
        guard let index = roomIndex(gap.room), rooms[index].membership == .inside,
            let missing = rooms[index].received(gap)
        else { return }
        missed(missing, &outcomes)
    }

    private mutating func received(
        _ epoch: ServerEvent.Epoch, _ outcomes: inout [ChatOutcome]
    ) {
        guard let index = roomIndex(epoch.room), rooms[index].membership == .inside else { return }
        let (missing, lost) = rooms[index].began(epoch)
        outcomes.append(.began(epoch, lost: lost))
        giveUpRecalls(of: epoch.room, after: epoch.seq, &outcomes)
        if let missing { missed(missing, &outcomes) }
    }

    /// Numbers of missed lines after `seq` have lost their meaning.
    private mutating func giveUpRecalls(
        of room: String, after seq: UInt64, _ outcomes: inout [ChatOutcome]
    ) {
        for recall in recalls where recall.gap.room == room && recall.gap.to > seq {
            outcomes.append(.recalled(recall.gap, recall.lines))
        }
        recalls.removeAll { $0.gap.room == room && $0.gap.to > seq }
    }

    mutating func missed(_ gap: ServerEvent.Gap, _ outcomes: inout [ChatOutcome]) {
        outcomes.append(.missed(gap))
        guard fetchesGaps, recalls.count < Self.recallLimit else { return }
        recalls.append(Recall(gap: gap))
    }

    private mutating func received(_ ack: ServerEvent.Ack, _ outcomes: inout [ChatOutcome]) {
        if let index = orders.firstIndex(where: { $0.id == ack.id }) {
            outcomes.append(.carriedOut(orders.remove(at: index).command, ack))
        }
        guard let index = pending.firstIndex(where: { $0.id == ack.id }) else { return }
        if let name = ack.held {
            held[ByteText(name)] = pending.remove(at: index)
            outcomes.append(.waits(held: name))
        } else if let seq = ack.seq {
            outcomes.append(.acknowledged(pending.remove(at: index), seq: seq))
        }
    }

    private mutating func received(
        _ page: ServerEvent.History, _ outcomes: inout [ChatOutcome]
    ) {
        guard let id = page.id, let index = recalls.firstIndex(where: { $0.request == id })
        else { return }
        if recalls[index].received(page) { finishRecall(index, &outcomes) }
    }

    private mutating func finishRecall(_ index: Int, _ outcomes: inout [ChatOutcome]) {
        let recall = recalls.remove(at: index)
        outcomes.append(.recalled(recall.gap, recall.lines))
    }

    private mutating func received(_ left: ServerEvent.Left, _ outcomes: inout [ChatOutcome]) {
        guard let index = roomIndex(left.room) else { return }
        rooms[index].membership = .refused
        let problem = ServerEvent.Problem(
            code: left.code ?? "left",
            reason: left.reason ?? "The server has ended the membership.")
        refuseRoom(index, problem, &outcomes)
    }

    private mutating func received(
        _ problem: ServerEvent.Problem, at now: Instant, _ outcomes: inout [ChatOutcome]
    ) {
        guard let id = problem.id else { return outcomes.append(.problem(problem)) }
        if let index = orders.firstIndex(where: { $0.id == id }) {
            outcomes.append(.refusedOrder(orders.remove(at: index).command, problem))
        } else if let index = pending.firstIndex(where: { $0.id == id }) {
            refused(line: index, problem, at: now, &outcomes)
        } else if let index = rooms.firstIndex(where: { $0.membership == .joining(id: id) }) {
            if let wait = problem.wait {
                rooms[index].membership = .waiting(until: now.advanced(byMilliseconds: wait))
                outcomes.append(.problem(problem))
            } else {
                refuseRoom(index, problem, &outcomes)
            }
        } else if let index = recalls.firstIndex(where: { $0.request == id }) {
            if recalls[index].refused(problem, at: now) { finishRecall(index, &outcomes) }
        } else {
            outcomes.append(.problem(problem))
        }
    }

    /// Sends a line again when the server says so.
    private mutating func refused(
        line index: Int, _ problem: ServerEvent.Problem, at now: Instant,
        _ outcomes: inout [ChatOutcome]
    ) {
        guard let wait = problem.wait else {
            outcomes.append(.refused(pending.remove(at: index), problem))
            return
        }
        pending[index].isInFlight = false
        // If the line may be stored, its id is known since it was sent first.
        if problem.unknown != true { pending[index].firstSent = nil }
        pending[index].notBefore = now.advanced(byMilliseconds: wait)
        outcomes.append(.delayed(pending[index], problem))
    }

    /// No line can be sent to that room any more.
    private mutating func refuseRoom(
        _ index: Int, _ problem: ServerEvent.Problem, _ outcomes: inout [ChatOutcome]
    ) {
        rooms[index].membership = .refused
        let name = rooms[index].name
        outcomes.append(.refusedRoom(name, problem))
        for line in pending where line.room == name { outcomes.append(.refused(line, problem)) }
        pending.removeAll { $0.room == name }
        recalls.removeAll { $0.gap.room == name }
    }

    func roomIndex(_ name: String) -> Int? {
        rooms.firstIndex { $0.name == name }
    }
}
