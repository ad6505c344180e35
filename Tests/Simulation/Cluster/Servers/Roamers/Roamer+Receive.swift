internal import Chat
internal import WebSocket

/// Checks that what a roamer is told is what the protocol promises.
extension Roamer {
    /// Checks the events that have arrived since the last call, and the end of its connection.
    func examine() {
        guard let client else { return }
        while eventsSeen < client.events.count {
            let event = client.events[eventsSeen]
            eventsSeen += 1
            node?.world.note("roamer \(number) gets \(event)")
            received(event)
        }
        guard client.ending != nil else { return }
        judgeEnd(of: client)
        lost()
    }

    private func judgeEnd(of client: Client) {
        if hasLeft || client.link.isBroken { return }
        let code = client.closeCode?.rawValue ?? 1_006
        // In the middle of an answer, no Close can be sent.
        let isCutOff =
            code == 1_006 && !dueCloses.isEmpty && waiting.values.contains(where: \.isHistory)
        if !isCutOff, !dueCloses.contains(code) { violate("it was closed: \(code)") }
    }

    private func received(_ event: ChatEvent) {
        switch event.type {
        case "welcome":
            if event.durable != true { violate("\(event)") }
        case "joined": joined(event)
        case "message": heard(event)
        case "ack": acknowledged(event)
        case "gap": missed(event)
        case "epoch": epochBegan(event)
        case "left": left(event)
        case "history": answeredHistory(event)
        case "members": answeredMembers(event)
        case "presence":
            if let room = event.room, let count = event.count { streams[room]?.members = count }
        case "deleted", "room": changed(event)
        case "disconnected", "revoked": ordered(event)
        case "authenticated", "auth_expiring": break
        case "error": refused(event)
        default: violate("an unknown event: \(event)")
        }
    }

    private func request(_ event: ChatEvent) -> RoamerRequest? {
        event.id.flatMap { waiting.removeValue(forKey: $0) }
    }

    // MARK: Rooms

    private func joined(_ event: ChatEvent) {
        guard case .join(let room, let after)? = request(event), event.room == room,
            let epoch = event.epoch, let seq = event.seq, let members = event.memberCount
        else { return violate("\(event) wasn't requested") }
        if streams[room] != nil {
            streams[room]?.members = members
            return
        }
        var next: UInt64?
        if let after {
            guard let recovered = event.recovered else { return violate("no \"recovered\"") }
            if recovered {
                next = after.seq + 1
                if after.seq > seq { violate("\(event) was recovered after \(after)") }
            } else if after.epoch == epoch, cluster.isGentle,
                !cluster.hasLostFirst(of: room, after: after.seq)
            {
                violate("\(event) isn't recovered after \(after)")
            }
        }
        // Changes of another epoch may come again, and one of several events that may not all have
        // come.
        let known = after?.epoch == epoch ? places[room].map { max($0.rev, 1) - 1 } : 0
        streams[room] = RoamerStream(
            epoch: epoch, next: next,
            rev: (next == nil ? nil : known) ?? event.rev ?? 0, members: members)
        // Lines that wait for it are sent after the join.
        for id in ids where lines[id]?.isOpen == true && lines[id]?.room == room { send(id) }
    }

    private func left(_ event: ChatEvent) {
        guard let room = event.room else { return violate("\(event)") }
        if event.code == "banned", event.id == nil {
            barred.insert(room)
        } else if case .leave(room)? = request(event) {
        } else {
            return violate("\(event) wasn't requested")
        }
        guard let stream = streams.removeValue(forKey: room) else {
            return violate("it was not in \(room)")
        }
        remember(room, stream)
    }

    private func epochBegan(_ event: ChatEvent) {
        guard let room = event.room, let epoch = event.epoch, let seq = event.seq,
            streams[room] != nil
        else { return violate("\(event)") }
        streams[room]?.epochBegan(epoch, after: seq)
    }

    // MARK: Lines

    private func heard(_ event: ChatEvent) {
        guard let room = event.room, let name = RoomName(room), let seq = event.seq,
            let stream = streams[room]
        else { return violate("\(event) outside a room") }
        let epochs = cluster.truth.epochs(of: event, in: name)
        guard !epochs.isEmpty else { return violate("\(event) was never said") }
        if !epochs.contains(stream.epoch) {
            if let later = cluster.later(epochs, than: stream.epoch) {
                violate("\(event) of \(later), untold")
            } else if cluster.truth.hasLine(seq, in: name, stream.epoch) {
                violate("\(event) isn't what line \(seq) is in \(stream.epoch)")
            }
        }
        take(seq, in: room, name)
    }

    private func take(_ seq: UInt64, in room: String, _ name: RoomName) {
        if let next = streams[room]?.next, seq < next {
            violate("line \(seq) of \(room) instead of \(next)")
        }
        guard let hole = streams[room]?.heard(seq) else { return }
        guard let lacking = hole.first(where: { !cluster.truth.mayLack($0, in: name) }) else {
            return
        }
        violate("line \(seq) of \(room) without \(lacking)")
    }

    private func missed(_ event: ChatEvent) {
        guard let room = event.room, streams[room] != nil else { return violate("\(event)") }
        if let through = event.through {
            if cluster.isGentle { violate("\(event), though only publications were lost") }
            streams[room]?.skipped(through: through)
        }
        // The settings come anew.
        if let rev = event.rev, rev > 0 { streams[room]?.rev = rev - 1 }
    }

    private func acknowledged(_ event: ChatEvent) {
        guard let id = event.id, let room = event.room, let name = RoomName(room) else {
            return violate("\(event)")
        }
        switch request(event) {
        case .line?:
            guard let seq = event.seq, let line = lines[id] else { return violate("\(event)") }
            let found = cluster.truth.finding(line.saying.message, as: seq, in: name)
            if !found.isSaid { violate("\(event), which isn't line \(seq)") }
            if let known = line.acknowledged, known != seq,
                !cluster.truth.finding(line.saying.message, as: known, in: name).isLost
            {
                violate("\(event) was acknowledged as \(known) before")
            }
            settled(id, as: seq)
        case .order(let order)?:
            if let rev = event.rev, !cluster.truth.hasChange(rev, in: name) {
                violate("\(event) is no change")
            }
            done.append((order, event.rev))
        default: violate("\(event) wasn't requested")
        }
    }

    // MARK: Changes

    private func changed(_ event: ChatEvent) {
        guard let room = event.room, let name = RoomName(room), let stream = streams[room] else {
            return violate("\(event) outside a room")
        }
        // What is left of a deleted line stands in its place.
        if event.rev == nil, let seq = event.seq { return take(seq, in: room, name) }
        guard takesChanges, let rev = event.rev else { return violate("\(event)") }
        // The settings are told again where changes of another epoch aren't known.
        let isTold = event.type == "room" && cluster.hasBegunAgain(name)
        if rev <= stream.rev, !isTold { violate("\(event) after change \(stream.rev)") }
        // If a new epoch has no changes, what is told again has none.
        let isKnown = isTold && rev == 0 || cluster.truth.hasChange(rev, in: name)
        if !isKnown { violate("\(event) was never made") }
        streams[room]?.rev = rev
    }

    private func ordered(_ event: ChatEvent) {
        guard case .order(let order)? = request(event) else {
            return violate("\(event) wasn't requested")
        }
        done.append((order, nil))
    }

    // MARK: Answers

    private func answeredHistory(_ event: ChatEvent) {
        guard case .history(let room)? = request(event), let messages = event.messages,
            let name = RoomName(room)
        else { return violate("\(event) wasn't requested") }
        var last: UInt64?
        for line in messages {
            guard let seq = line.seq else { return violate("\(line) has no number") }
            if let last, seq <= last { violate("line \(seq) after \(last) in \(event)") }
            for seq in (last.map { $0 + 1 } ?? seq)..<seq
            where !cluster.truth.mayLack(seq, in: name) {
                violate("history of \(room) without \(seq)")
            }
            if line.type == "message", cluster.truth.epochs(of: line, in: name).isEmpty {
                violate("\(line) in the history was never said")
            }
            last = seq
        }
    }

    private func answeredMembers(_ event: ChatEvent) {
        guard case .members(let room)? = request(event), let count = event.count else {
            return violate("\(event) wasn't requested")
        }
        streams[room]?.members = count
        if count < 1 { violate("\(event), itself among them") }
    }

    private func refused(_ event: ChatEvent) {
        guard let id = event.id, let code = event.code, let request = request(event) else {
            return violate("an unexpected error: \(event)")
        }
        if case .line = request { settled(id, as: nil) }
        switch (request, code) {
        case (_, "store_unavailable"):
            if cluster.isGentle { violate("\(event), though only publications were lost") }
        case (.join(let room, _), "banned"): barred.insert(room)
        case (.line, "banned"), (.line, "frozen"), (.line, "not_joined"): break
        case (.leave, "not_joined"), (.members, "not_joined"), (.history, "not_joined"): break
        // It may be about a line of an equal, or a deleted one.
        case (.order, "not_found"), (.order, "forbidden"): break
        default: violate("an unexpected error: \(event) to \(request)")
        }
        refusals[id] = code
    }
}
