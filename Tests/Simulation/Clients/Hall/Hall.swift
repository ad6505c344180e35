internal import ChatServer
internal import Identity
internal import Reactor
internal import TestSupport

/// Moderated rooms and their people: moderators, users with tokens, guests and raids.
final class Hall {
    let simulation: Simulation
    let world: World
    let rooms: [String]
    let verifier: SimulatedVerifier
    let inbox: IdentityInbox
    /// Whether there are no guests.
    let excludesGuests: Bool
    var isCalm = false
    private(set) var people: [Attendee] = []
    var records: [String: HallRecord] = [:]
    private var said: [String: HallLine] = [:]
    private var revocations = Revocations()
    private var clock = 0

    /// Milliseconds by which the server may be late.
    static let step: Int64 = 600

    /// The word of raids.
    private static let raid = "raidword"

    init(simulation: Simulation, identity: HallIdentity) {
        self.simulation = simulation
        (verifier, inbox) = (identity.verifier, identity.inbox)
        world = simulation.world
        world.verifier = verifier
        // Tokens and bans have ends, so the model needs the time.
        world.faults.clockSteps = 0
        excludesGuests = simulation.identity.demand == .required
        rooms = (0..<world.random.number(in: 1...2)).map { "hall-\($0)" }
        begin()
        let some: [String: Standing?] = ["hall-0": .moderator, "hall-1": nil]
        let others: [String: Standing?] = ["hall-0": nil, "hall-1": .vip]
        for number in 1...world.random.number(in: 4...9) {
            let (role, grants): (Standing, [String: Standing?]?) =
                switch number {
                case 1: (.moderator, nil)
                case 2: (.owner, nil)
                case 3: (.member, nil)
                case 4: (.guest, nil)
                default:
                    world.random.pick([
                        (.guest, nil), (.guest, nil), (.guest, nil), (.vip, nil), (.member, some),
                        (.member, others), (.moderator, nil),
                    ])
                }
            let dialects: [Attendee.Dialect] =
                number < 3 ? [.changes] : [.plain, .rich, .changes, .changes]
            people.append(
                Attendee(
                    number: number, dialect: world.random.pick(dialects), role: role,
                    grants: grants, in: self))
        }
    }

    /// The largest number of connections at a time.
    static let size = 9

    func tick() -> Int {
        clock += 1
        return clock
    }

    func record(_ room: String) -> HallRecord { records[room]! }

    /// How many bytes each client has received, or will if the server sends nothing more.
    func marks() -> [Int: Int] {
        var marks: [Int: Int] = [:]
        for client in people.compactMap(\.client) {
            // Encrypted records may wait in the server.
            marks[client.number] =
                world.isVeiled ? .max : client.bytesRead + client.link.toClient.count
        }
        return marks
    }

    // MARK: Acting

    func act() {
        reap()
        for _ in 0..<world.random.number(in: 1...4) {
            let person = world.random.pick(people)
            if person.isChatting {
                person.act()
            } else if person.client == nil {
                person.arrive()
            }
        }
        switch world.random.number(in: 1...100) {
        case 1...3: raid()
        case 4...6: revoke()
        case 7...8: dawdleWithTokens()
        default: break
        }
    }

    /// Takes leave of clients that are gone.
    func reap() {
        for person in people where person.client?.ending != nil { person.lost() }
    }

    /// Many lines of many guests, and one order that ends it.
    private func raid() {
        let room = world.random.pick(rooms)
        let raiders = people.filter { $0.isChatting && $0.role < .moderator }
        for raider in raiders where raider.views[room] != nil {
            for _ in 0..<world.random.number(in: 3...15) { raider.speak(in: room, Self.raid) }
        }
        simulation.settle()
        reap()
        let moderators = people.filter { $0.isChatting && $0.moderatesRichly }
        guard !moderators.isEmpty else { return }
        world.random.pick(moderators).purge(room, matching: Self.raid)
    }

    private func revoke() {
        let users = people.filter { $0.sub != nil }
        let person = world.random.pick(users)
        let now = world.wallClock / 1_000 + 1
        switch world.random.number(in: 1...10) {
        case 1 where !excludesGuests:
            take(.all(issuedBefore: now))
            for person in users where person.passes.allSatisfy({ $0 != nil }) { end(person) }
        case 2...6:
            take(.user(person.sub ?? "", issuedBefore: now))
            if person.passes.allSatisfy({ $0 != nil }) { end(person) }
        default:
            guard person.passes.count == 1, let pass = person.passes[0] else { return }
            take(.token(jti: pass.jti))
            end(person)
        }
        world.isWoken = true
        // Tokens that are made from now on count.
        simulation.advance(milliseconds: 2_000)
        reap()
    }

    private func end(_ person: Attendee) {
        guard person.client != nil, !person.passes.isEmpty else { return }
        let now = world.wallClock
        // A token that has ended made a guest of its holder.
        guard person.passes.allSatisfy({ $0!.expiry * 1_000 > now }) else { return }
        person.isVoid = true
        world.note("the tokens of attendee \(person.number) are revoked")
    }

    private func take(_ revocation: Revocation) {
        world.note("\(revocation)")
        revocations.add(revocation)
        inbox.revoke([revocation])
        let old = simulation.identity
        simulation.identity = IdentityRules(
            demand: old.demand, verifier: verifier, inbox: inbox, revocations: revocations)
    }

    /// The verification of tokens takes a few turns.
    private func dawdleWithTokens() {
        verifier.beLate()
        for person in people where person.client == nil && world.random.happens(500) {
            person.arrive()
        }
        for _ in 0..<world.random.number(in: 1...5) { simulation.tick() }
        if world.random.happens(300) { revoke() }
        verifier.beLate(false)
        verifier.answer()
    }

    // MARK: Knowledge

    func somebody(isForPurge: Bool = false) -> (String, String) {
        let person = world.random.pick(people)
        guard let sub = person.sub, !isForPurge || world.random.happens(500) else {
            return ("username", "\"\(person.name)\"")
        }
        return isForPurge ? ("users", "[\"\(sub)\"]") : ("user", "\"\(sub)\"")
    }

    func author(of seq: UInt64, in room: String, below limit: Standing) -> Silence.Target? {
        guard let line = record(room).lines[seq], line.role != "system" else { return nil }
        if let user = line.user { return .user(user, below: limit) }
        return line.message.flatMap { said[$0] }.map { .connection($0.client) }
    }

    func said(_ text: String, _ line: HallLine) { said[text] = line }

    /// Whether somebody deletes its own lines.
    func isOwn(_ order: Order) -> Bool {
        guard case .delete(let seqs) = order.kind, !order.sub.isEmpty else { return false }
        let record = record(order.room)
        // Lines that are gone already don't count.
        return seqs.allSatisfy { record.mayLack($0) || record.lines[$0]?.user == order.sub }
    }

    func heard(_ line: ChatEvent, by person: Attendee, at start: Int) {
        guard let text = line.message, let origin = said[text], line.room == origin.room else {
            return person.violate("a line that was never said: \(line)")
        }
        guard person.isHere(origin.room) else { return }
        if record(origin.room).isOfAnotherLife(line), world.store == nil { begin(origin.room) }
        record(origin.room).heard(line, by: person.client?.number ?? 0, at: start)
        if let wrong = wrong(line, origin) { person.violate("\(wrong): \(line)") }
    }

    /// The right that a line breaks.
    private func wrong(_ line: ChatEvent, _ origin: HallLine) -> String? {
        guard !origin.isVoid else { return "said without a token that counts" }
        guard let standing = origin.standing else { return "said in a closed room" }
        if origin.isAnnounced {
            return standing < .moderator || line.role != "system" ? "announced without right" : nil
        }
        if Standing(of: line) > standing { return "said by a \(standing)" }
        if let user = line.user {
            if user != origin.sub { return "said by \(origin.sub ?? "a guest")" }
            if let time = line.time.flatMap(ChatEvent.milliseconds),
                origin.expiry + Self.step < time
            {
                return "said after the token ended, at \(origin.expiry)"
            }
        }
        for room in [origin.room, "*"] {
            if let silence = record(room).silences.first(where: { $0.forbids(line, origin) }) {
                return "said in spite of \(silence)"
            }
        }
        return nil
    }

    func joined(_ room: String, _ epoch: String, by person: Attendee, sentAt: Int) {
        if record(room).epoch ?? epoch != epoch { begin(room) }
        record(room).epoch = epoch
        let now = world.wallClock
        let isHolder = person.passes.allSatisfy { $0.map { $0.expiry * 1_000 > now } ?? false }
        guard isHolder, let sub = person.sub, let standing = person.highest(in: room) else {
            return
        }
        for place in [room, "*"] {
            for silence in record(place).silences
            where silence.since < sentAt && silence.keepsOut(sub, standing, at: now) {
                person.violate("joined \(room) in spite of \(silence)")
            }
        }
    }
}
