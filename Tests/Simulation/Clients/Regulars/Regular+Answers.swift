internal import Chat
internal import Reactor

/// Checks a room's answers and its events about members.
extension Regular {
    func answeredHistory(_ event: ChatEvent) {
        guard case .history(let room, let before, let limit, let floor)? = request(event),
            let messages = event.messages, let more = event.more, event.room == room
        else { return violate("\(event) wasn't requested") }
        let seqs = messages.compactMap(\.seq)
        if seqs.count > limit || seqs.count != messages.count { violate("\(seqs) of \(limit)") }
        if seqs.last ?? 0 >= max(before, 1) { violate("history of \(seqs) before \(before)") }
        for (seq, next) in zip(seqs, seqs.dropFirst())
        where next <= seq || !chronicle.areLost(seq + 1..<next, of: room) {
            violate("history has a gap after \(seq)")
        }
        guard let stream = streams[room] else { return }
        for line in messages { chronicle.heard(line, in: stream.life, opened: since) }
        guard let disk = world.store?.disk, let name = RoomName(room) else { return }
        if let last = seqs.last, last + 1 < min(before, floor + 1),
            !chronicle.areLost(last + 1..<min(before, floor + 1), of: room)
        {
            violate("history before \(before) ends with \(last)")
        }
        // If no line was deleted, the expected answer is known.
        guard disk.oldest(of: name) == 1, chronicle.failedOver == 0 else { return }
        if more != (seqs.first ?? 1 > 1) {
            violate("history from \(seqs.first ?? 0), more: \(more)")
        }
        if let first = seqs.first, seqs.count < limit, first > 1 {
            violate("history has \(seqs.count) of \(limit) lines from \(first) on")
        }
        if seqs.isEmpty, min(before, floor + 1) > 1 {
            violate("no history before \(before)")
        }
    }

    func answeredMembers(_ event: ChatEvent) {
        guard case .members(let room)? = request(event), let count = event.count,
            event.room == room
        else { return violate("\(event) wasn't requested") }
        if streams[room] == nil { violate("\(event) outside the room") }
        if let fault = streams[room]?.roster.answered(event) { violate(fault) }
        checkNames(event.usernames, count: count, isAll: true)
    }

    func told(_ event: ChatEvent) {
        guard var stream = stream(event), let room = event.room, let count = event.count else {
            return
        }
        for names in [event.joined, event.left] { checkNames(names, count: count, isAll: false) }
        stream.members = count
        if let fault = stream.roster.told(event) { violate(fault) }
        stream.presences += 1
        // Presence comes once a second, and once after each time that the client has caught up,
        // which is not more often.
        let seconds = (world.now.milliseconds - arrived.milliseconds) / 1_000
        if stream.presences > 2 * seconds + 3 {
            violate("\(stream.presences) events of presence in \(seconds) s")
        }
        streams[room] = stream
    }

    private func checkNames(_ names: [String]?, count: Int, isAll: Bool) {
        if count < 1 { violate("\(count) members, itself among them") }
        guard let names else { return }
        if isAll, names.count > count { violate("\(names.count) names of \(count)") }
        if count > 200 || names.count > 200 { violate("\(names.count) names of \(count)") }
    }
}
