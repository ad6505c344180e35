internal import Chat

/// What a node knows of all rooms of a shard: what their changes add up to, and the lines that
/// wait. It is read once, and then kept up to date by the news, in order. So a change is decided
/// without reading its room, and the server is told of every change.
struct ModerationReplica {
    private let run: NodeRun
    /// What a room without terms has.
    private let noTerms: any TermBook
    private var rooms: [RoomName: RoomReplica] = [:]
    private(set) var held: [UInt64: HeldLine] = [:]
    /// The highest id that was ever there.
    private(set) var lastHeld: UInt64 = 0

    init(of run: NodeRun, noTerms: any TermBook) { (self.run, self.noTerms) = (run, noTerms) }

    // MARK: Reading all

    /// Forgets everything but what has come in streams.
    mutating func forget() {
        held = [:]
        let nothing = RoomLedger(noTerms: noTerms)
        rooms = rooms.compactMapValues { room in
            var room = room
            room.reread(nothing)
            return room.isEmpty ? nil : room
        }
    }

    mutating func read(_ states: [RoomState]) {
        let fresh = fresh
        for state in states {
            let ledger = RoomLedger(
                rev: state.rev, state.settings, bans: state.bans.sorted { $0.rev < $1.rev },
                terms: noTerms.listing(state.terms))
            rooms[state.room, default: fresh].reread(ledger)
        }
    }

    mutating func read(_ lines: [HeldLine]) {
        for line in lines { _ = waits(line) }
    }

    /// The server's knowledge when it begins. It has followed nothing yet in the epoch.
    func opening(in epoch: Epoch) -> OrdererOpening {
        var opening = OrdererOpening(epoch: epoch, sends: [])
        for (name, room) in rooms.sorted(by: { $0.key.text < $1.key.text }) {
            opening.bans += room.ledger.bans.map { OrdererOpening.StoredBan(room: name, $0) }
            if room.ledger.terms.count > 0 {
                opening.terms.append(
                    OrdererOpening.StoredTerms(room: name, TermState(room.ledger.terms)))
            }
        }
        opening.held = heldRooms(Array(held.values))
        return opening
    }

    /// Lines by their rooms, with the rooms' rules.
    private func heldRooms(_ lines: [HeldLine]) -> [HeldRoom] {
        Dictionary(grouping: lines, by: \.draft.room).map { name, lines in
            HeldRoom(
                name: name, rules: ledger(of: name).settings.rules,
                lines: lines.sorted { $0.id < $1.id })
        }.sorted { $0.name.text < $1.name.text }
    }

    /// Returns whether that is new.
    private mutating func waits(_ line: HeldLine) -> Bool {
        lastHeld = max(lastHeld, line.id)
        return held.updateValue(line, forKey: line.id) == nil
    }

    // MARK: News

    /// The next news. Returns what the server is told.
    mutating func heard(_ news: NodeNews) -> [OrdererReply] {
        switch news {
        case .change(let name, let change): return heard(change, in: name)
        case .held(let lines, let other):
            let new = lines.filter { waits($0) }
            // The server is told of its own ones by the answer.
            return other == run || new.isEmpty ? [] : [.held(.waiting(heldRooms(new)))]
        case .said(let said, let other):
            for line in said { held[line.id] = nil }
            return other == run || said.isEmpty ? [] : [.held(.said(said))]
        case .dropped(let ids):
            let dropped = ids.filter { held.removeValue(forKey: $0) != nil }
            return dropped.isEmpty ? [] : [.held(.dropped(dropped))]
        case .notice(let notice, let other): return other == run ? [] : [.notified(notice)]
        }
    }

    private mutating func heard(
        _ change: RoomChange, in name: RoomName
    ) -> [OrdererReply] {
        for id in change.rejected { held[id] = nil }
        if case .approved(let id) = change.kind { held[id]?.isApproved = true }
        let change = told(change)
        let fresh = fresh
        return entries(rooms[name, default: fresh].heard(change), in: name)
    }

    private var fresh: RoomReplica { RoomReplica(RoomLedger(noTerms: noTerms)) }

    private func entries(_ changes: [RoomChange], in name: RoomName) -> [OrdererReply] {
        changes.isEmpty ? [] : [.entries(name, changes.map { .change($0) })]
    }

    // MARK: Streams

    /// The server follows a room from now on.
    mutating func followed(_ name: RoomName) {
        let fresh = fresh
        rooms[name, default: fresh].followed()
    }

    /// The state of a followed room has come. Returns what the server is told behind it.
    mutating func opened(_ name: RoomName, _ snapshot: RoomSnapshot) -> [OrdererReply] {
        let fresh = fresh
        let changes = rooms[name, default: fresh].opened(snapshot)
        return entries(changes.map(told), in: name)
    }

    /// A change as the server takes it.
    func told(_ change: RoomChange) -> RoomChange { change.withTerms(of: noTerms) }

    /// Changes of a followed room have come in its stream.
    mutating func streamed(_ name: RoomName, _ changes: [RoomChange]) {
        rooms[name]?.streamed(changes)
    }

    /// What the server is told again after it has begun with ``opening(in:)``: what streams have
    /// told before the news.
    var ahead: [OrdererReply] {
        rooms.sorted { $0.key.text < $1.key.text }.flatMap { name, room in
            entries(room.ahead.map(told), in: name)
        }
    }

    /// Another epoch is in force, and the streams go on in it.
    mutating func epochEnded() { for name in rooms.keys { rooms[name]?.epochEnded() } }

    /// The server doesn't follow a room any more. Returns what it is told instead.
    mutating func unfollowed(_ name: RoomName) -> [OrdererReply] {
        let changes = rooms[name]?.unfollowed() ?? []
        if rooms[name]?.isEmpty ?? false { rooms[name] = nil }
        return entries(changes, in: name)
    }

    // MARK: Asking

    func ledger(of name: RoomName) -> RoomLedger {
        rooms[name]?.ledger ?? RoomLedger(noTerms: noTerms)
    }

    /// Whether the server was told a change.
    func hasTold(_ name: RoomName, _ rev: UInt64) -> Bool { rooms[name]?.hasTold(rev) ?? false }

    /// The numbers of a room's changes go on above this one.
    mutating func raise(_ name: RoomName, to rev: UInt64) {
        let fresh = fresh
        rooms[name, default: fresh].ledger.raise(to: rev)
    }

    /// The lines that wait in a room, or in all, in the order in which they came.
    func held(in room: RoomName) -> [HeldLine] {
        held.values.filter { room == .everywhere || $0.draft.room == room }
            .sorted { $0.id < $1.id }
    }
}

extension RoomChange {
    /// The same with terms as this node compares them with lines. `none` is a book without terms.
    func withTerms(of none: any TermBook) -> RoomChange {
        guard let terms else { return self }
        return with(TermState(none.listing(terms.book.terms)))
    }
}
