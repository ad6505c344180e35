internal import Chat

/// A node's work with changes on one shard: it makes those that its server wants, keeps lines that
/// wait, and tells the server what other nodes do. It does nothing itself: after each event, take
/// its commands, and what it has for the server. Times are monotonic, in milliseconds.
struct ShardChanges {
    /// How long news may be late until they are asked for. The answer that they belong to comes
    /// on another connection.
    static let patience: UInt64 = 20
    /// How long a command that reads waits if it has failed.
    static let retry: UInt64 = 1_000

    let run: NodeRun
    let undoPeriod: Int64
    /// The epoch of what was read. Nil if nothing was.
    private(set) var epoch: Epoch?
    var opening = ShardOpening.states(after: nil)
    /// Whether commands are carried out.
    private(set) var isConnected = false
    /// Whether the shard can't be reached, so that the server's requests fail.
    private var hasGivenUp = false
    /// Whether a page of the opening, or of news, is being read.
    var isReading = false
    var nextRead: UInt64 = 0
    /// When news that are missing are asked for. Nil if none are.
    var lateNews: UInt64?

    var replica: ModerationReplica
    var news = NewsOrder(after: 0)
    var proposals = Proposals()
    var held: HeldWork
    var errands = Errands()
    var answers = PendingAnswers()
    var commands = ChangeCommands()
    var replies: [OrdererReply] = []
    /// What the server begins with, if that is new.
    var openingReply: OrdererOpening?
    private(set) var now: UInt64 = 0

    init(of run: NodeRun, undoPeriod: Int64? = nil, noTerms: any TermBook) {
        self.run = run
        self.undoPeriod = undoPeriod ?? Undo.standardPeriod
        replica = ModerationReplica(of: run, noTerms: noTerms)
        held = HeldWork(of: run)
    }

    /// Whether everything is read.
    var isOpen: Bool { epoch != nil && opening.command == nil }

    /// The highest id of a line that waits, or has waited, as far as the node knows.
    var lastHeld: UInt64 { replica.lastHeld }

    func isOpen(in epoch: Epoch) -> Bool { isOpen && self.epoch == epoch }

    /// What is in force now. Nil if that isn't known.
    var current: OrdererOpening? {
        epoch.flatMap { isOpen ? replica.opening(in: $0) : nil }
    }

    // MARK: Results

    /// Takes the commands that are to be sent, in order. Their tickets name them in answers.
    mutating func takeCommands() -> [(ticket: UInt64, command: ChangeCommand)] {
        commands.take()
    }

    /// Takes what the server is to begin with: the orderer is ready, or ready again. It comes
    /// before the other replies. It has no keys of lines.
    mutating func takeOpening() -> OrdererOpening? {
        defer { openingReply = nil }
        return openingReply
    }

    mutating func takeReplies() -> [OrdererReply] {
        defer { replies = [] }
        return replies
    }

    /// When ``passTime(_:)`` is to be called. `UInt64.max` for never.
    var deadline: UInt64 {
        guard isConnected else { return .max }
        let late = lateNews ?? .max
        return min(
            isOpen ? errands.next : .max, isReading ? .max : max(nextRead, isOpen ? late : 0))
    }

    // MARK: Connections

    /// The node is on the shard, in an epoch, and this is the number of the last news. In another
    /// epoch than before, everything is read again.
    mutating func entered(_ epoch: Epoch, news number: UInt64, at now: UInt64) {
        self.now = now
        // What is under way belongs to another epoch.
        if isConnected { disconnected() }
        (isConnected, hasGivenUp) = (true, false)
        nextRead = 0
        errands.entered()
        if self.epoch == epoch {
            news.reached(number)
            // Those that were on the way are lost.
            lateNews = now
        } else {
            self.epoch = epoch
            begin(after: number)
        }
        if isOpen { beginProposals() }
        advance()
    }

    /// Everything is read. What comes after this number is told.
    mutating func begin(after number: UInt64) {
        opening = .states(after: nil)
        isReading = false
        news = NewsOrder(after: number)
        replica.forget()
    }

    /// The connections are gone. Commands without an answer may have been carried out.
    mutating func disconnected() {
        isConnected = false
        isReading = false
        lateNews = nil
        for purpose in commands.disconnected() {
            switch purpose {
            case .opening, .news: break
            case .change(let room):
                _ = proposals.step(in: room) { proposal in
                    proposal.disconnected()
                    return .stands
                }
            case .report(let id, _): replies.append(.reported(id: id, nil))
            case .held: held.disconnected()
            case .erasing, .unerased, .drop, .notice: errands.failed(purpose, at: now)
            }
        }
    }

    /// The shard takes requests.
    mutating func resumed() { hasGivenUp = false }

    /// The server is told that the shard can't be reached. What is certainly not done fails.
    mutating func gaveUp() {
        hasGivenUp = true
        replies += proposals.gaveUp().map { .changed(id: $0, .failed) }
        replies += held.gaveUp().map { .held($0) }
    }

    // MARK: The server

    /// The server wants a change.
    mutating func received(_ request: ChangeRequest) {
        guard !hasGivenUp else { return replies.append(.changed(id: request.id, .failed)) }
        guard proposals.add(request), isOpen, isConnected else { return }
        perform(proposals.step(in: request.room) { $0.begin() }, in: request.room)
        advance()
    }

    /// The server wants something of lines that wait.
    mutating func received(_ request: HeldRequest) {
        guard !hasGivenUp else { return replies.append(.held(request.failure)) }
        held.add(request)
        advance()
    }

    /// The server has done something that others have to do, too.
    mutating func received(_ notice: ServerNotice) {
        errands.notify(notice)
        advance()
    }

    /// The server wants a list.
    mutating func received(
        _ query: ReportQuery, of room: RoomName, id: UInt64, time: Timestamp
    ) {
        guard isOpen else { return replies.append(.reported(id: id, nil)) }
        let ledger = replica.ledger(of: room)
        switch query {
        case .bans(let after, let limit):
            let report = ledger.report(bansAfter: after, limit: limit, at: time)
            replies.append(.reported(id: id, report))
        case .terms(let after, let limit):
            replies.append(.reported(id: id, ledger.report(termsAfter: after, limit: limit)))
        case .log(let before, let limit):
            guard isConnected else { return replies.append(.reported(id: id, nil)) }
            commands.add(
                .log(room, before: before, limit: limit + 1), for: .report(id, limit: limit))
        }
    }

    // MARK: The shard

    /// A command was answered.
    mutating func received(_ reply: ChangeReply, to ticket: UInt64) {
        guard let purpose = commands.answered(ticket) else { return }
        switch (purpose, reply) {
        case (.opening, _): read(reply)
        case (.news, .news(let items)): read(items)
        case (.change(let room), _): received(reply, in: room)
        case (.report(let id, let limit), .logged(let entries)):
            let report = Report(entries.map(\.text), atMost: limit)
            replies.append(.reported(id: id, report))
        case (.held, .held(let lines, let number)):
            news.reached(number)
            perform(held.held(lines, news: number))
        case (.held, .released(let outcome)):
            if case .said(_, let number) = outcome { news.reached(number) }
            perform(held.released(outcome))
        case (.erasing, .erased(let left)): errands.erased(left: left)
        case (.unerased, .unerased(let found)): errands.swept(found)
        case (.drop, .dropped(let number)): news.reached(number)
        case (.notice, _): break
        case (.news, _), (.report, _), (.held, _), (.erasing, _), (.unerased, _), (.drop, _):
            preconditionFailure("the shard answers something else")
        }
        advance()
    }

    /// A command could not be carried out: nothing has happened.
    mutating func failed(_ ticket: UInt64) {
        guard let purpose = commands.answered(ticket) else { return }
        switch purpose {
        case .opening, .news: (isReading, nextRead) = (false, now + Self.retry)
        case .change(let room): perform(.answered(.failed, news: 0), in: room)
        case .report(let id, _): replies.append(.reported(id: id, nil))
        case .held: perform(held.failed())
        case .erasing, .unerased, .drop, .notice: errands.failed(purpose, at: now)
        }
        advance()
    }

    /// The shard tells news.
    mutating func received(_ items: [NumberedNews]) {
        news.received(items)
        advance()
    }

    /// The shard has told its last number.
    mutating func beat(news number: UInt64) {
        news.reached(number)
        advance()
    }

    /// Time passes. Call it before the other events, too.
    mutating func passTime(_ now: UInt64) {
        self.now = now
        advance()
    }
}
