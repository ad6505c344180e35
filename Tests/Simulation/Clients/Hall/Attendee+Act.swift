internal import TestSupport

/// What somebody in a hall does, and what it orders.
extension Attendee {
    /// Does one random action.
    func act() {
        guard dialect != .plain else {
            guard let room = views.keys.min() else { return }
            switch world.random.number(in: 1...100) {
            case 1...70: speak(in: room)
            case 71...80: dawdle()
            case 81...95: recover()
            default: breakOff()
            }
            return
        }
        let room = world.random.pick(hall.rooms)
        if passes.contains(where: { $0.map { $0.role >= .moderator || $0.rooms != nil } ?? false }),
            world.random.happens(400)
        {
            return order(in: room)
        }
        switch world.random.number(in: 1...100) {
        case 1...45: speak(in: room)
        case 46...53: askHistory(of: room)
        case 54...60: order(in: room)
        case 61...66: join(room)
        case 67...70: leave(room)
        case 71...77: renew()
        case 78...84: dawdle()
        case 85...95: recover()
        default: breakOff()
        }
    }

    private func renew() {
        guard let pass = pass(seconds: world.random.pick([2, 10, 60, 10_000])) else { return }
        authenticate(pass)
    }

    func askHistory(of room: String, isLast: Bool = false) {
        let id = nextID()
        let last = hall.record(room).last
        let before = isLast ? last + 1 : UInt64(world.random.number(in: 0...Int(last) + 3))
        waiting[id] = .history(room: room, isLast: isLast)
        world.note("attendee \(number) asks for history \(id) before \(before)")
        client?.askHistory(of: room, before: before, limit: 200, id: id)
    }

    func askLog(of room: String) {
        let id = nextID()
        waiting[id] = .log(room: room)
        client?.command("modlog", id: id, [("room", "\"\(room)\""), ("limit", "200")])
    }

    // MARK: Orders

    /// Orders something, with the right to it or without.
    private func order(in room: String) {
        if !orders.isEmpty, world.random.happens(100) { return repeatOrder() }
        let record = hall.record(room)
        let lines = record.lines.keys.sorted()
        switch world.random.number(in: 1...100) {
        case 1...25:
            guard !lines.isEmpty else { return }
            let own = lines.filter { record.lines[$0]?.user == sub && sub != nil }
            let pool = !own.isEmpty && world.random.happens(300) ? own : Array(lines.suffix(30))
            let seqs = (0..<world.random.number(in: 1...3)).map { _ in world.random.pick(pool) }
            send(room, "delete", .delete(seqs), [("seqs", "\(seqs)")])
        case 26...35: purge(room, lines)
        case 36...50: set(room)
        case 51...55:
            let isOn = world.random.happens(400)
            send(room, "panic", .panic, [("on", "\(isOn)")])
        case 56...72: ban(room, lines)
        case 73...82:
            send(room, "unban", .unban, [hall.somebody()])
        case 83...96:
            let known = UInt64(world.random.number(in: 1...Int(record.lastRev) + 1))
            let revs = Array(record.changes.keys.sorted().suffix(5))
            let rev = !revs.isEmpty && world.random.happens(700) ? world.random.pick(revs) : known
            send(room, "undo", .undo(rev), [("rev", "\(rev)")])
        default: announce(in: room)
        }
    }

    private func purge(_ room: String, _ lines: [UInt64]) {
        guard let last = lines.last else { return }
        let from = world.random.pick(lines)
        switch world.random.number(in: 1...4) {
        case 1:
            send(
                room, "purge", .purge(from...last), [("from", "\(from)"), ("to", "\(last)")])
        case 2: send(room, "purge", .purge(nil), [hall.somebody(isForPurge: true)])
        case 3: send(room, "purge", .purge(nil), [("matching", "\"日本語\""), ("from", "\(from)")])
        default: send(room, "purge", .purge(nil), [("by_line", "\(from)")])
        }
    }

    /// Ends a raid.
    func purge(_ room: String, matching word: String) {
        send(room, "purge", .purge(nil), [("matching", "\"\(word)\"")])
    }

    private func set(_ room: String) {
        let (field, value, silences) = world.random.pick([
            ("frozen", "true", [Silence.Target.everybody]), ("frozen", "false", []),
            ("frozen", "false", []), ("members_only", "true", [.guests]),
            ("members_only", "false", []), ("slow_seconds", "5", []), ("slow_seconds", "0", []),
            ("pinned", "\(hall.record(room).last)", []),
            ("panic", #"{"frozen":true}"#, []),
        ])
        send(room, "settings", .settings(silences), [(field, value)])
    }

    private func ban(_ room: String, _ lines: [UInt64]) {
        let isTimeout = world.random.happens(600)
        let seconds = world.random.pick([3, 60, 86_400] as [Int64])
        var fields = [("seconds", "\(seconds)"), ("reason", "\"r\"")]
        if world.random.happens(200) { fields.append(("purge", "true")) }
        let limit = max(standings(in: room).map { $0 ?? .guest }.min() ?? .guest, .moderator)
        var target: Silence.Target?
        if !lines.isEmpty, world.random.happens(300) {
            let seq = world.random.pick(Array(lines.suffix(20)))
            fields.append(("by_line", "\(seq)"))
            target = hall.author(of: seq, in: room, below: limit)
        } else {
            let (field, name) = hall.somebody()
            fields.append((field, name))
            let bare = String(name.dropFirst().dropLast())
            target = field == "user" ? .user(bare, below: limit) : .guestsNamed(bare)
        }
        let isWide = highest(in: "*") == .owner && world.random.happens(100)
        let place = isWide && fields.last?.0 == "user" ? "*" : room
        send(
            place, isTimeout ? "timeout" : "ban",
            .ban(target, seconds: seconds, isTimeout: isTimeout), fields)
    }

    private func send(
        _ room: String, _ type: String, _ kind: Order.Kind, _ fields: [(String, String)]
    ) {
        let standings = standings(in: room).map { $0 ?? .guest }
        send(
            Order(
                id: nextID(), room: room, kind: kind, type: type, fields: fields, sub: sub ?? "",
                standing: isVoid ? .guest : standings.max() ?? .guest,
                least: standings.min() ?? .guest, at: hall.tick(), time: world.wallClock,
                last: hall.record(room).last))
    }

    private func repeatOrder() {
        let old = world.random.pick(orders)
        let standing = isVoid ? nil : standings(in: old.room).compactMap { $0 }.max()
        let again = Order(
            id: old.id, room: old.room, kind: old.kind, type: old.type, fields: old.fields,
            sub: old.sub, standing: max(standing ?? .guest, old.standing), least: old.least,
            at: hall.tick(),
            time: old.time, last: old.last, isRepeated: true, rev: old.rev)
        guard waiting[old.id] == nil else { return }
        send(again)
    }

    private func send(_ order: Order) {
        waiting[order.id] = .order(order)
        world.note("attendee \(number) as \(order.standing): \(order)")
        let mayMatter = order.standing >= .moderator
        hall.record(order.room).sent(order, mayMatter: mayMatter)
        let room = [("room", "\"\(order.room)\"")]
        client?.command(order.type, id: order.id, room + order.fields)
    }
}
