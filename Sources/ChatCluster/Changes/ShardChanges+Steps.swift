internal import Chat

/// What comes next, after each event.
extension ShardChanges {
    mutating func advance() {
        guard let epoch, isConnected else { return }
        guard isOpen else { return readMore() }
        takeNews()
        for room in proposals.names { catchUp(room) }
        perform(held.next(in: epoch, replica.held))
        for (command, purpose) in errands.take(by: run, at: now) {
            commands.add(command, for: purpose)
        }
        tellAnswers()
    }

    private mutating func tellAnswers() {
        guard !answers.isEmpty else { return }
        replies += answers.take(news: news.last) { replica.hasTold($0, $1) }
    }

    // MARK: Reading everything

    private mutating func readMore() {
        guard !isReading, nextRead <= now, let command = opening.command else { return }
        isReading = true
        commands.add(command, for: .opening)
    }

    /// A page has come.
    mutating func read(_ reply: ChangeReply) {
        isReading = false
        switch (opening, reply) {
        case (.states, .surveyed(let states, let isLast)):
            replica.read(states)
            opening = isLast ? .held(after: 0) : .states(after: states.last?.room)
        case (.held, .waiting(let lines, let isLast)):
            replica.read(lines)
            opening = isLast ? .revocations : .held(after: lines.last?.id ?? 0)
        case (.revocations, .revocations(let texts)):
            opening = .done
            openEnded(texts)
        case (.states, _), (.held, _), (.revocations, _), (.done, _):
            preconditionFailure("the shard answers something else")
        }
    }

    private mutating func openEnded(_ revocations: [String]) {
        guard let epoch else { return }
        // What the server was told before is in there.
        let earlier = replies
        openingReply = replica.opening(in: epoch)
        replies = earlier.filter(\.isAnswer) + answers.takeAll()
        replies += revocations.map { .notified(.revoked($0)) }
        beginProposals()
    }

    mutating func beginProposals() {
        for room in proposals.names {
            perform(proposals.step(in: room) { $0.begin() }, in: room)
        }
    }

    // MARK: News

    private mutating func takeNews() {
        while let item = news.takeNext() { replies += replica.heard(item) }
        guard news.isBehind else {
            lateNews = nil
            return
        }
        let late = lateNews ?? now + Self.patience
        lateNews = late
        guard !isReading, nextRead <= now, late <= now else { return }
        isReading = true
        commands.add(.news(after: news.last), for: .news)
    }

    /// A page of news has come. Nil: they are gone.
    mutating func read(_ items: [NumberedNews]?) {
        isReading = false
        guard let items else { return begin(after: news.known) }
        news.received(items)
        // There may be another page.
        lateNews = items.isEmpty ? nil : now
    }

    // MARK: Changes

    /// The news that a change waits for may be known now.
    private mutating func catchUp(_ room: RoomName) {
        guard let awaited = proposals.first(in: room)?.awaitedBasis, awaited.news <= news.last
        else { return }
        replica.raise(room, to: awaited.last.rev)
        let context = context(of: room)
        perform(proposals.step(in: room) { $0.caughtUp(context) }, in: room)
    }

    private func context(of room: RoomName) -> Proposal.Context {
        guard let epoch else { preconditionFailure("a change is decided in an epoch") }
        let isConcerned = proposals.first(in: room)?.request.concernsHeldLines ?? false
        return Proposal.Context(
            epoch: epoch, ledger: replica.ledger(of: room),
            held: isConcerned ? replica.held(in: room) : [], undoPeriod: undoPeriod)
    }

    mutating func received(_ reply: ChangeReply, in room: RoomName) {
        let step: Proposal.Step
        switch reply {
        case .consulted(let basis):
            news.reached(basis.news)
            step = proposals.step(in: room) { $0.consulted(basis) }
        case .scanned(let lines):
            let context = context(of: room)
            step = proposals.step(in: room) { $0.scanned(lines, context) }
        case .made(let outcome):
            switch outcome {
            case .made(let number), .conflict(_, let number): news.reached(number)
            case .otherEpoch, .refused: break
            }
            step = proposals.step(in: room) { $0.made(outcome) }
        case .erased(let left): step = proposals.step(in: room) { $0.erased(left: left) }
        case .logged(let entries): step = proposals.step(in: room) { $0.logged(entries.first) }
        case .surveyed, .waiting, .revocations, .news, .unerased, .held, .released, .dropped,
            .notified:
            preconditionFailure("the shard answers something else")
        }
        perform(step, in: room)
    }

    mutating func perform(_ step: Proposal.Step, in room: RoomName) {
        switch step {
        case .command(let command): commands.add(command, for: .change(room))
        case .awaits, .stands: break
        case .answered(let answer, let number):
            guard let proposal = proposals.first(in: room) else { return }
            var change: (room: RoomName, rev: UInt64)?
            if case .ordered(let rev) = answer { change = (room, rev) }
            if let rev = proposal.leavesLines { errands.erase(room, rev) }
            answers.add(
                .changed(id: proposal.request.id, answer), news: number, change: change)
            guard proposals.removeFirst(in: room), isConnected else { return }
            perform(proposals.step(in: room) { $0.begin() }, in: room)
        }
    }

    // MARK: Lines that wait

    mutating func perform(_ first: HeldWork.Step) {
        var step = first
        while let epoch {
            switch step {
            case .nothing: return
            case .command(let command): return commands.add(command, for: .held)
            case .answered(let reply, let number): answers.add(.held(reply), news: number)
            }
            step = held.next(in: epoch, replica.held)
        }
    }

    /// A ban holds on all shards, and this isn't the one that has made it: lines of its people
    /// never are said.
    mutating func banned(everywhere ban: Ban) {
        let met = replica.held(in: .everywhere).filter { ban.meets($0) }.map(\.id)
        guard !ban.isTimeout, !met.isEmpty else { return }
        errands.drop(met)
        advance()
    }

    // MARK: Streams

    /// The server wants to follow a room. Its changes come in the stream from now on.
    mutating func followed(_ room: RoomName) { replica.followed(room) }

    /// The state of a followed room has come. What is told of it comes behind that.
    mutating func opened(_ room: RoomName, _ snapshot: RoomSnapshot) {
        replies += replica.opened(room, snapshot)
        tellAnswers()
    }

    /// Entries of a followed room have come in its stream, and are told now. Returns them as the
    /// server takes them.
    mutating func streamed(_ entries: [RoomEntry], of room: RoomName) -> [RoomEntry] {
        var changes: [RoomChange] = []
        for case .change(let change) in entries { changes.append(change) }
        guard !changes.isEmpty else { return entries }
        replica.streamed(room, changes)
        return entries.map { entry in
            guard case .change(let change) = entry else { return entry }
            return .change(replica.told(change))
        }
    }

    /// The server doesn't follow a room any more, or can't.
    mutating func unfollowed(_ room: RoomName) {
        replies += replica.unfollowed(room)
        tellAnswers()
    }
}

extension OrdererReply {
    /// Whether a request waits for it.
    fileprivate var isAnswer: Bool {
        switch self {
        case .changed, .reported: true
        case .held(let reply):
            switch reply {
            case .held, .released, .releaseFailed: true
            case .waiting, .said, .dropped: false
            }
        case .ready, .checking, .failing, .recovered, .answered, .notified, .following,
            .followFailed, .entries, .lagging, .read, .readFailed, .pruned, .present:
            false
        }
    }
}
