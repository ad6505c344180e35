internal import Chat
internal import ChatServer
internal import Reactor
internal import TestSupport
internal import WebSocket

/// A regular's lines and commands.
extension Regular {
    /// Does one random action.
    func act(_ rooms: [String]) {
        let room = wanted.isEmpty ? nil : world.random.pick(wanted.sorted())
        guard let room else { return join(world.random.pick(rooms)) }
        switch world.random.number(in: 1...100) {
        case 1...50: speak(in: room)
        case 51...55: for _ in 0..<world.random.number(in: 2...30) { speak(in: room) }
        case 56...61: askHistory(room)
        case 62...66: ask(.members(room: room)) { $0.askMembers(of: room, id: $1) }
        case 67...70: leave(room)
        case 71...76: join(in: rooms)
        case 77...80: mistake()
        case 81...86: dawdle()
        case 87...94: recover()
        default: breakOff()
        }
    }

    private func join(in rooms: [String]) {
        let room = world.random.pick(rooms)
        if wanted.contains(room) { joinAgain(room) } else { join(room) }
    }

    func speak(in room: String) {
        lines += 1
        if world.random.happens(50) { name = Saying.username(&world.random) }
        let saying = Saying(
            tag: "r\(number)#\(lines)", username: name, characters: limits.chat.textCharacters,
            random: &world.random)
        chronicle.said(saying, in: room, by: -number)
        let id = nextID("m")
        let sending = Sending(
            id: id, room: room, saying: saying, since: world.now, number: requests)
        send(sending, namesItself: names[room] != name || world.random.happens(500))
    }

    func send(_ sending: Sending, namesItself: Bool) {
        guard let client else { return }
        let json = sending.saying.command(
            in: sending.room, id: sending.id, namesItself: namesItself, random: &world.random)
        client.send(.text, json)
        waiting[sending.id] = .message(sending)
        names.sent(sending, namesItself: namesItself)
        world.note("regular \(number) says \(sending.id) in \(sending.room)")
    }

    /// A line was accepted.
    func accepted(_ sending: Sending, as seq: UInt64) {
        let isLast = !sendings.contains { $0.room == sending.room }
        names.accepted(sending, as: seq, isLast: isLast)
    }

    /// A line was refused. It is sent again later, or given up. `isUnknown`: it may be said.
    func refused(_ sending: Sending, isUnknown: Bool = false) {
        if world.random.happens(500) {
            var again = sending
            again.attempts += 1
            unsent.append(again)
        } else if sending.attempts == 1, !isUnknown {
            chronicle.refused(sending.saying.message)
        }
    }

    private func askHistory(_ room: String) {
        let last = streams[room]?.cursor ?? 10
        let before = UInt64(world.random.number(in: 0...Int(last) + 5))
        let limit = UInt64(world.random.pick([1, 10, 50, 200]))
        let floor = streams[room]?.cursor ?? 0
        ask(.history(room: room, before: before, limit: limit, floor: floor)) {
            $0.askHistory(of: room, before: before, limit: Int(limit), id: $1)
        }
    }

    func ask(_ request: Request, _ send: (Client, String) -> Void) {
        guard let client else { return }
        let id = nextID("q")
        send(client, id)
        waiting[id] = request
    }

    private func mistake() {
        dueErrors += 1
        let code = world.random.pick(["invalid_room", "unknown_type", "invalid_command"])
        ask(.mistake(code: code)) { client, id in
            switch code {
            case "invalid_room": client.join("No Room", id: id)
            case "unknown_type": client.command("dance", id: id, [])
            default: client.command("join", id: id, [])
            }
        }
    }
}
