internal import Chat
internal import Identity
internal import Reactor

/// Who the connections are: the holders of tokens, how long their tokens last, and the tokens that
/// are being verified. A guest has no entry, and costs nothing here.
struct Identities {
    /// Milliseconds before its end at which a client is told that its token expires, unless that is
    /// more than half of its life.
    static let warning: UInt64 = 60_000
    /// Tokens that may wait to be verified. A verifier needs less than a tenth of a second for so
    /// many, and they take at most 8 MiB.
    static let mostAsked = 1_024
    /// Milliseconds after which a client may send a token again that wasn't taken.
    static let retry: UInt64 = 1_000
    /// The longest time that is counted down, in milliseconds. It is more than a process lives.
    private static let longestLife: UInt64 = 1 << 40
    /// Due times of connections that have gone, in any number of others.
    private static let staleDues = 1_024

    /// What has come of a connection's time.
    enum Step: Equatable {
        /// It has to be told that its token ends in so many milliseconds.
        case expiring(timeLeft: UInt64)
        /// Its token has ended.
        case expired
        /// It has not said who it is.
        case silent
    }

    let demand: IdentityRules.Demand
    let cookie: String?
    private let verifier: (any TokenVerifier)?
    private let inbox: IdentityInbox?
    private var revocations: Revocations
    var orders: RevocationOrders
    /// The keys in force, with their ends, once they have changed.
    private var keys: [SigningKey.ID: Int64?]?
    private(set) var holders = Holders()
    private var dues = DueTimes()
    private var asked: [UInt64: Token] = [:]
    private var nextTicket: UInt64 = 0
    /// The names that guests can't take.
    var names: NameGuard
    /// The programs that send requests.
    var programs = Programs()

    init(_ rules: IdentityRules, _ settings: Settings = Settings()) {
        names = NameGuard(reserved: settings.reservedNames)
        programs.keys = settings.apiKeys
        demand = rules.verifier == nil ? .off : rules.demand
        cookie = rules.cookie
        verifier = rules.verifier
        inbox = rules.inbox
        revocations = rules.revocations
        orders = RevocationOrders(keeper: rules.keeper)
    }

    /// Whether tokens are looked at.
    @inline(__always)
    var areOn: Bool { verifier != nil }
    /// The number of connections that have a token, or must have one.
    var count: Int { holders.count }
    var dueCount: Int { dues.count }

    /// Asks for the verification of a token. Returns the ticket of the answer, or nil if too many
    /// are asked for already.
    mutating func ask(_ token: [UInt8], for connection: Token, at time: Timestamp) -> UInt64? {
        guard let verifier, asked.count < Self.mostAsked else { return nil }
        nextTicket += 1
        asked[nextTicket] = connection
        verifier.verify(
            TokenRequest(ticket: nextTicket, token: token, now: time.milliseconds))
        return nextTicket
    }

    /// The answers that have arrived, with the connections that they are for.
    mutating func takeAnswers() -> [(connection: Token, answer: TokenAnswer)] {
        guard let verifier, !asked.isEmpty else { return [] }
        var answers: [TokenAnswer] = []
        verifier.takeAnswers(into: &answers)
        return answers.compactMap { answer in
            asked.removeValue(forKey: answer.ticket).map { ($0, answer) }
        }
    }

    /// Why the holder's token doesn't count any more, although it was verified. `now` is in
    /// milliseconds since 1970.
    func objection(to holder: Principal, at now: Int64) -> TokenRefusal? {
        if let keys {
            guard let end = keys[holder.key] else { return .removedKey }
            if let end, end <= now { return .endedKey }
        }
        if revocations.cover(holder) { return .revoked }
        return holder.expiry <= now ? .expired : nil
    }

    /// The connections that wait for an answer.
    var waiting: [Token] { Array(asked.values) }

    // MARK: Holders

    /// A connection is the holder of a token that ends after `life` milliseconds.
    mutating func hold(_ index: Int, _ holder: Principal, for life: UInt64, at now: Instant) {
        let life = min(life, Self.longestLife)
        let ahead = min(life / 2, Self.warning)
        holders.hold(
            index, holder, until: now.milliseconds + life, lead: UInt8(ahead / CoarseTime.step),
            due: holders[index]?.due ?? .never)
        schedule(index, at: now)
    }

    /// A connection has `patience` milliseconds to say who it is.
    mutating func expect(_ index: Int, within patience: UInt64, at now: Instant) {
        holders.expect(index, until: now.milliseconds + patience)
        schedule(index, at: now)
    }

    /// A connection is a guest again, or has gone. Its entry among the due times stays until then.
    mutating func release(_ index: Int) { holders.remove(index) }

    // MARK: News

    /// Takes over revocations and keys that have arrived. Returns the connections whose tokens
    /// don't count any more. Tokens whose keys end earlier now end earlier, too.
    mutating func takeNews(at now: Instant, wall: Int64) -> [Int] {
        let news = inbox?.take() ?? IdentityInbox.News()
        let ordered = orders.answered(news.answers, room: Revocations.most - revocations.count)
        guard !news.isEmpty || !ordered.isEmpty else { return [] }
        for revocation in news.revocations + ordered { revocations.add(revocation) }
        if let keys = news.keys { (self.keys, programs.verified) = (keys, VerifiedTokens()) }
        var revoked: [Int] = []
        for index in holders.indices {
            guard let holder = holder(index, at: now, wall: wall) else { continue }
            switch objection(to: holder, at: wall) {
            case .revoked, .removedKey: revoked.append(index)
            default:
                guard let end = keys?[holder.key] ?? nil else { continue }
                shorten(index, to: now.milliseconds + UInt64(max(end - wall, 0)), at: now)
            }
        }
        return revoked
    }

    private mutating func shorten(_ index: Int, to end: UInt64, at now: Instant) {
        guard let record = holders[index], end < record.end else { return }
        holders.update(index) { $0.end = end }
        schedule(index, at: now)
    }

    /// The process stood still for so long. Deadlines of connections move by as much, but tokens
    /// end when they say.
    mutating func stoodStill(milliseconds: UInt64, at now: Instant) {
        for index in holders.indices where isHolder(index) {
            holders.update(index) { $0.end -= min(milliseconds, $0.end) }
            schedule(index, at: now)
        }
    }

    /// When a step may be due.
    @inline(__always)
    var next: CoarseTime { dues.next }

    /// The next step that is due. Nil if there is none.
    mutating func takeStep(
        at now: Instant, _ coarse: CoarseTime
    ) -> (index: Int, step: Step)? {
        while let (time, index) = dues.take(at: coarse) {
            guard let record = holders[index], record.due == time else { continue }
            holders.update(index) { $0.due = .never }
            let present = now.milliseconds
            if record.end <= present { return (index, record.isHolder ? .expired : .silent) }
            if record.lead > 0, record.next <= present {
                holders.update(index) { $0.lead = 0 }
                schedule(index, at: now)
                return (index, .expiring(timeLeft: record.end - present))
            }
            schedule(index, at: now)
        }
        return nil
    }

    /// Sees to it that the connection's next step is among the due times. A later entry than the
    /// one that is there already isn't needed: that one finds out that it is too early.
    private mutating func schedule(_ index: Int, at now: Instant) {
        guard let record = holders[index] else { return }
        let wait = record.next - min(record.next, now.milliseconds)
        let coarse = CoarseTime(now)
        let time = wait == 0 ? coarse : coarse.advanced(byMilliseconds: wait)
        guard time < record.due else { return }
        holders.update(index) { $0.due = time }
        dues.add(index, at: time)
        if dues.count > 2 * count + Self.staleDues { dropStaleDues() }
    }

    /// Entries of connections that have gone would stay until their tokens end.
    private mutating func dropStaleDues() {
        dues.removeAll()
        for index in holders.indices {
            guard let due = holders[index]?.due, due != .never else { continue }
            dues.add(index, at: due)
        }
    }
}
