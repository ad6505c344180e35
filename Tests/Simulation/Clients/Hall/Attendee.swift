internal import Chat
internal import ChatServer
internal import Reactor
internal import TestSupport
internal import WebSocket

/// Somebody in the moderated rooms of a hall, with a token or without one.
final class Attendee {
    enum Dialect {
        case plain
        case rich
        /// The rich dialect, and it takes changes.
        case changes
    }

    /// A command that waits for its answer.
    enum Waiting {
        /// With what it showed of the room, if it resumes.
        case join(room: String, known: RoomView?, at: Int)
        case order(Order)
        case authentication(Pass)
        case history(room: String, isLast: Bool)
        case log(room: String)
        case line(HallLine)
        case other
    }

    let number: Int
    let dialect: Dialect
    /// Nil if it never has a token.
    let sub: String?
    let name: String
    let role: Standing
    let grants: [String: Standing?]?
    unowned let hall: Hall
    var world: World { hall.world }

    private(set) var client: Client?
    /// The tokens that the server may believe in on this connection. Nil is none.
    var passes: [Pass?] = []
    /// Whether the server knows that none of its tokens counts.
    var isVoid = false
    var waiting: [String: Waiting] = [:]
    var views: [String: RoomView] = [:]
    /// What it shows of rooms that it will resume.
    var kept: [String: RoomView] = [:]
    /// The last answers to `history`.
    var histories: [String: [ChatEvent]] = [:]
    /// Orders that it may repeat.
    var orders: [Order] = []
    private var since = 0
    private var requests = 0
    private var lines = 0

    init(
        number: Int, dialect: Dialect, role: Standing, grants: [String: Standing?]?, in hall: Hall
    ) {
        (self.number, self.dialect, self.role, self.grants) = (number, dialect, role, grants)
        self.hall = hall
        sub = role == .guest ? nil : "u\(number)"
        name = "hall-\(number)"
    }

    var moderatesRichly: Bool { role >= .moderator && dialect != .plain }
    var isChatting: Bool { client?.phase == .open && client?.ending == nil }

    func violate(_ what: String) {
        world.violate("attendee \(number), client \(client?.number ?? 0): \(what)")
    }

    func nextID() -> String {
        requests += 1
        return "h\(number)-\(requests)"
    }

    // MARK: Standing

    /// A new token. Sometimes it gives less than it might.
    func pass(seconds: Int64) -> Pass? {
        guard let sub else { return nil }
        let now = world.wallClock / 1_000
        let isLess = !hall.isCalm && world.random.happens(150)
        return Pass(
            sub: sub, name: number.isMultiple(of: 2) ? name : nil, role: isLess ? .member : role,
            rooms: isLess ? nil : grants, issued: now, expiry: now + seconds,
            jti: "\(sub)-\(nextID())")
    }

    /// What it may be in a room now, for all that the server may know. Nil: the room is closed.
    func standings(in room: String) -> [Standing?] {
        passes.flatMap { pass -> [Standing?] in
            guard let pass else { return [.guest] }
            let left = pass.expiry * 1_000 - world.wallClock
            if left > 0 { return [pass.standing(in: room)] }
            return left > -Hall.step ? [.guest, pass.standing(in: room)] : [.guest]
        }
    }

    /// The highest standing that it may have in a room. Nil: it can't be there.
    func highest(in room: String) -> Standing? {
        isVoid ? nil : standings(in: room).compactMap { $0 }.max()
    }

    /// Whether what it receives is of the room that the hall knows. Without a store, a room that
    /// was empty begins anew.
    func isHere(_ room: String) -> Bool {
        let record = hall.record(room)
        if world.store != nil { return true }
        return dialect == .plain ? record.since < since : views[room]?.epoch == record.epoch
    }

    // MARK: Coming and going

    func arrive() {
        let address = SocketAddress(ipv4: 0xCB00_7100 + UInt32(number), port: 1)
        let client = hall.simulation.connect(from: address)
        self.client = client
        since = hall.tick()
        (waiting, views, histories, isVoid) = ([:], [:], [:], false)
        let pass = pass(
            seconds: hall.isCalm ? 1_000_000 : world.random.pick([2, 10, 60, 10_000, 100_000]))
        let isEarly = dialect == .plain || hall.isCalm || world.random.happens(800)
        passes = [isEarly ? pass : nil]
        if isEarly, let pass { client.fields = [pass.header] }
        client.isCut = !hall.isCalm && world.random.happens(world.faults.cuts)
        client.compression = .drawn(from: &world.random, for: hall.simulation.limits)
        client.observer = { [unowned self, unowned client] event, start in
            received(event, from: client, at: start)
        }
        world.note("attendee \(number) comes as client \(client.number)")
        guard dialect != .plain else {
            let room = world.random.pick(hall.rooms)
            views[room] = RoomView(epoch: "", seq: 0, rev: 0, takesChanges: false, isEmpty: false)
            return client.handshake(room: room)
        }
        client.handshakeRichly()
        if !isEarly, let pass { authenticate(pass) }
        for room in hall.rooms {
            if kept[room] != nil || hall.isCalm || world.random.happens(700) { join(room) }
        }
    }

    func authenticate(_ pass: Pass) {
        let id = nextID()
        passes.append(pass)
        waiting[id] = .authentication(pass)
        client?.authenticate(pass.token, id: id)
        world.note("attendee \(number) sends a token until \(pass.expiry)")
    }

    func join(_ room: String) {
        guard views[room] == nil else { return }
        let id = nextID()
        let known = hall.isCalm || world.random.happens(900) ? kept[room] : nil
        let after = known.flatMap { view in view.cursor.map { (view.epoch, $0) } }
        let rev = dialect == .changes ? after == nil ? 0 : known?.rev : nil
        waiting[id] = .join(room: room, known: after == nil ? nil : known, at: hall.tick())
        client?.join(
            room, as: name, after: after, history: after == nil ? 200 : nil, rev: rev, id: id)
        world.note("attendee \(number) joins \(room) after \(after?.1 ?? 0), rev \(rev ?? 0)")
    }

    func leave(_ room: String) {
        let id = nextID()
        waiting[id] = .other
        views[room]?.isLeaving = true
        client?.leave(room, id: id)
    }

    /// The connection is gone.
    func lost() {
        for (room, view) in views where dialect != .plain && view.cursor != nil {
            kept[room] = view
            kept[room]?.lost()
        }
        for case .order(let order) in waiting.values {
            hall.record(order.room).lost(order, at: world.now.milliseconds)
            orders.append(order)
        }
        client?.observer = nil
        (client, waiting, views, passes) = (nil, [:], [:], [])
    }

    /// The rooms have begun anew.
    func forget() {
        (kept, orders) = ([:], [])
    }

    func breakOff() {
        guard let client else { return }
        switch world.random.number(in: 1...3) {
        case 1: client.close()
        case 2: client.link.breakOff()
        default: client.link.reset()
        }
    }

    func dawdle() {
        if Bool.random(using: &world.random) {
            client?.reads = false
        } else {
            client?.appetite = world.random.number(in: 1...300)
        }
    }

    func recover() {
        client?.reads = true
        client?.appetite = .max
    }

    // MARK: Lines

    /// Says a line, with a word in it.
    func speak(in room: String, _ word: String = "") {
        guard let client else { return }
        lines += 1
        let borrows = world.random.happens(50)
        let username = borrows ? "hall-\(world.random.number(in: 1...9))" : name
        let saying = Saying(
            tag: "h\(number)#\(lines) \(word)", username: username,
            characters: hall.simulation.limits.chat.textCharacters, random: &world.random)
        let line = line(in: room, as: username)
        hall.said(saying.message, line)
        world.note("attendee \(number) says \(lines) in \(room)")
        guard dialect != .plain else { return client.send(.text, saying.json) }
        let id = nextID()
        waiting[id] = .line(line)
        client.send(
            .text, saying.command(in: room, id: id, namesItself: true, random: &world.random))
    }

    /// Makes a room say a line.
    func announce(in room: String) {
        lines += 1
        let text = "h\(number)#\(lines) announced"
        hall.said(text, line(in: room, as: room, isAnnounced: true))
        let id = nextID()
        waiting[id] = .other
        client?.command("announce", id: id, [("room", "\"\(room)\""), ("message", "\"\(text)\"")])
    }

    private func line(in room: String, as username: String, isAnnounced: Bool = false) -> HallLine {
        HallLine(
            room: room, username: username, sub: sub, client: client?.number ?? 0,
            at: hall.tick(), standing: highest(in: room),
            expiry: passes.compactMap { $0?.expiry }.max().map { $0 * 1_000 } ?? 0,
            isVoid: isVoid || hall.excludesGuests && !passes.contains { $0 != nil },
            isAnnounced: isAnnounced)
    }
}
