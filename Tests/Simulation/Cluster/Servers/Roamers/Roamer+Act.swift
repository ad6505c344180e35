internal import Chat
internal import TestSupport

/// What a roamer does.
extension Roamer {
    /// Does one random action.
    func act() {
        let room = cluster.random.pick(cluster.rooms).text
        if let pass, pass.role >= .moderator, cluster.random.happens(200) {
            return order(in: room)
        }
        switch cluster.random.number(in: 1...100) {
        case 1...50: speak(in: room)
        case 51...54: for _ in 0..<cluster.random.number(in: 2...20) { speak(in: room) }
        case 55...70: repeatLine()
        case 71...76: if wanted.contains(room), wanted.count > 1 { leave(room) } else { join(room) }
        case 77...80: askMembers(of: room)
        case 81...86: askHistory(of: room)
        case 87...92: for room in wanted.sorted() where streams[room] == nil { join(room) }
        default: breakOff()
        }
    }

    /// Sends a line again that it has sent before, on whatever node.
    private func repeatLine() {
        let open = ids.filter { lines[$0]?.isOpen == true && waiting[$0] == nil }
        if let id = open.first { return send(id) }
        guard !ids.isEmpty else { return }
        send(cluster.random.pick(ids))
    }

    func askMembers(of room: String) {
        guard streams[room] != nil else { return }
        ask(.members(room: room)) { $0.askMembers(of: room, id: $1) }
    }

    func askHistory(of room: String) {
        guard let cursor = streams[room]?.cursor else { return }
        ask(.history(room: room)) {
            $0.askHistory(of: room, before: cursor + 1, limit: 50, id: $1)
        }
    }

    // MARK: Orders

    private func order(in room: String) {
        guard let cursor = streams[room]?.cursor, cursor > 0 else { return }
        let seq = UInt64(cluster.random.number(in: 1...Int(cursor)))
        switch cluster.random.number(in: 1...10) {
        case 1...5: order(.pin(room: room, seq: seq))
        case 6...9: order(.delete(room: room, seqs: [seq]))
        default: order(.ban(room: room, sub: cluster.random.pick(["v1", "v2"])))
        }
    }

    func order(_ order: RoamerOrder) {
        let (command, fields): (String, [(String, String)])
        switch order {
        case .delete(let room, let seqs):
            (command, fields) = ("delete", [("room", "\"\(room)\""), ("seqs", "\(seqs)")])
        case .pin(let room, let seq):
            (command, fields) = ("settings", [("room", "\"\(room)\""), ("pinned", "\(seq)")])
        case .freeze(let room, let isOn):
            (command, fields) = ("settings", [("room", "\"\(room)\""), ("frozen", "\(isOn)")])
        case .ban(let room, let sub):
            (command, fields) = ("ban", [("room", "\"\(room)\""), ("user", "\"\(sub)\"")])
        case .disconnect(let sub): (command, fields) = ("disconnect", [("user", "\"\(sub)\"")])
        case .revoke(let sub): (command, fields) = ("revoke", [("sub", "\"\(sub)\"")])
        }
        node?.world.note("roamer \(number) orders \(order)")
        ask(.order(order)) { $0.command(command, id: $1, fields) }
    }
}
