internal import Chat
internal import ChatServer

/// Checks that the events for a regular are what the protocol promises.
extension Regular {
    /// Checks the events that have arrived since the last call.
    func examine() {
        guard let client else { return }
        while eventsSeen < client.events.count {
            let event = client.events[eventsSeen]
            let isFirst = eventsSeen == 0
            if isFirst != (event.type == "welcome") { violate("\(event), first: \(isFirst)") }
            if isClosing { violate("\(event) after closing") }
            eventsSeen += 1
            world.note("client \(client.number) gets \(event)")
            received(event)
        }
    }

    private func received(_ event: ChatEvent) {
        switch event.type {
        case "welcome":
            if event.durable != (world.store != nil) { violate("\(event)") }
        case "joined": joined(event)
        case "message": heard(event)
        case "ack": acknowledged(event)
        case "gap": missed(event)
        case "left": left(event)
        case "history": answeredHistory(event)
        case "members": answeredMembers(event)
        case "presence": told(event)
        case "error": refused(event)
        case "closing": closing(event)
        case "epoch": began(event)
        default: violate("an unknown event: \(event)")
        }
    }

    func request(_ event: ChatEvent) -> Request? {
        event.id.flatMap { waiting.removeValue(forKey: $0) }
    }

    // MARK: Rooms

    private func joined(_ event: ChatEvent) {
        guard case .join(let room, let start, let floor)? = request(event), event.room == room,
            let epoch = event.epoch, let seq = event.seq, let members = event.memberCount
        else { return violate("\(event) wasn't requested") }
        if wanted.contains(room), !isAskedToLeave(room) { sure.insert(room) }
        if chronicle.isOver(epoch), since > chronicle.serverSince {
            violate("the epoch \(epoch) is over: \(event)")
        }
        if var stream = streams[room] {
            // It keeps its position.
            stream.members = members
            streams[room] = stream
            return
        }
        if seq < floor, isSameEpoch(epoch, start) {
            violate("\(room) was at \(floor) before it was joined at \(seq)")
        }
        checkRecovery(event, room, start, epoch: epoch, last: seq)
        streams[room] = RoomStream(
            life: chronicle.life(of: room, epoch: epoch), epoch: epoch, seq: seq, start: start,
            isRecovered: event.recovered ?? false, members: members)
    }

    /// Whether the room's state at the time of the join belongs to this epoch.
    private func isSameEpoch(_ epoch: String, _ start: RoomStream.Start) -> Bool {
        if world.store != nil { return true }
        if case .after(let asked, _) = start { return asked == epoch }
        return false
    }

    private func isAskedToLeave(_ room: String) -> Bool {
        waiting.values.contains {
            if case .leave(room) = $0 { true } else { false }
        }
    }

    private func checkRecovery(
        _ event: ChatEvent, _ room: String, _ start: RoomStream.Start, epoch: String, last: UInt64
    ) {
        guard case .after(let asked, let after) = start else {
            if event.recovered != nil { violate("there was nothing to recover: \(event)") }
            return
        }
        guard let recovered = event.recovered else { return violate("no \"recovered\": \(event)") }
        var isCertain = true
        var can = asked == epoch && after <= last
        if asked == epoch, after > last { violate("\(room) has lost \(after): \(event)") }
        if asked != epoch, let ends = chronicle.ends[asked] { can = after <= ends[room] ?? 0 }
        if can, limits.resumeLines > 0, last - after > UInt64(limits.resumeLines) { can = false }
        if can, after < last {
            if let disk = world.store?.disk, let name = RoomName(room) {
                isCertain = disk.oldest(of: name) <= after + 1 && disk.epoch.text == epoch
            } else {
                isCertain = false
            }
        }
        if recovered != can, isCertain || recovered {
            if recovered, can { return }
            violate("\(event), but from \(asked) \(after) it should be \(can)")
        }
    }

    private func left(_ event: ChatEvent) {
        guard case .leave(let room)? = request(event), event.room == room else {
            return violate("\(event) wasn't requested")
        }
        guard let stream = streams.removeValue(forKey: room) else {
            return violate("it was not in \(room)")
        }
        remember(room, stream)
    }

    // MARK: Lines

    func stream(_ event: ChatEvent) -> RoomStream? {
        guard let stream = event.room.flatMap({ streams[$0] }) else {
            violate("it is not in the room of \(event)")
            return nil
        }
        return stream
    }

    private func heard(_ event: ChatEvent) {
        guard var stream = stream(event), let room = event.room, let seq = event.seq else { return }
        if stream.next == nil { checkFirst(seq, stream, in: room) }
        let wrong = stream.heard(seq) { chronicle.areLost($0, of: room) }
        if let wrong { violate("\(wrong) in \(room)") }
        chronicle.heard(event, in: stream.life, opened: since, epoch: stream.epoch)
        streams[room] = stream
    }

    private func began(_ event: ChatEvent) {
        guard var stream = stream(event), let room = event.room else { return }
        let end = chronicle.ends[stream.epoch]?[room] ?? 0
        let wrong = stream.began(event, end: end) { chronicle.areLost($0, of: room) }
        if let wrong { violate("\(wrong) in \(room)") }
        streams[room] = stream
    }

    private func missed(_ event: ChatEvent) {
        guard var stream = stream(event), let room = event.room else { return }
        if stream.next == nil, let from = event.from { checkFirst(from, stream, in: room) }
        let wrong = stream.missed(event) { chronicle.areLost($0, of: room) }
        if let wrong { violate("\(wrong) in \(room)") }
        if let from = event.from, stream.isRecovered, from <= stream.joinedAt,
            !mayLackLines(room, from)
        {
            violate("\(room) was recovered up to \(stream.joinedAt), and then \(event)")
        }
        streams[room] = stream
    }

    /// Stored lines must begin with the first one requested, unless it was deleted.
    private func checkFirst(_ seq: UInt64, _ stream: RoomStream, in room: String) {
        guard let disk = world.store?.disk, let name = RoomName(room), seq > stream.earliest,
            seq > disk.oldest(of: name),
            !chronicle.areLost(max(stream.earliest, disk.oldest(of: name))..<seq, of: room)
        else { return }
        violate("\(room) begins with \(seq) instead of \(stream.earliest)")
    }

    /// Whether a promised line may still be missing: it was deleted, or can't be read.
    private func mayLackLines(_ room: String, _ seq: UInt64) -> Bool {
        guard let store = world.store, let name = RoomName(room) else { return true }
        return world.stores.contains(where: \.hasFailedToRead)
            || seq < store.disk.oldest(of: name)
    }

    private func acknowledged(_ event: ChatEvent) {
        guard case .message(let sending)? = request(event), event.room == sending.room,
            let seq = event.seq, event.time != nil
        else { return violate("\(event) wasn't requested") }
        accepted(sending, as: seq)
        chronicle.acknowledged(sending.saying.message, as: seq, in: sending.room, opened: since)
    }

    // MARK: Refusals and the end

    private func refused(_ event: ChatEvent) {
        guard let code = event.code, event.reason != nil, let request = request(event) else {
            return violate("an unexpected error: \(event)")
        }
        let isPassing = ["rate_limited", "store_unavailable"].contains(code)
        if isPassing != (event.retryAfter != nil) { violate("retry_after_ms in \(event)") }
        switch (request, code) {
        case (.mistake(let due), _) where due == code: break
        case (.message(let sending), "rate_limited"): refused(sending)
        case (.message(let sending), "store_unavailable") where world.store != nil:
            refused(sending, isUnknown: event.unknown == true)
        case (.message(let sending), "not_joined") where !sure.contains(sending.room):
            dueErrors += 1
            refused(sending)
        case (.join(let room, _, _), "store_unavailable") where world.store != nil:
            sure.remove(room)
        case (.history, "store_unavailable") where world.store != nil: break
        case (.leave(let room), "not_joined"), (.members(let room), "not_joined"),
            (.history(let room, _, _, _), "not_joined"):
            dueErrors += 1
            if streams[room] != nil, sure.contains(room) { violate("\(event) in \(room)") }
        case (.join, "too_many_rooms") where limits.chat.rooms < wanted.count: dueErrors += 1
        case (.join, _), (.leave, _), (.message, _), (.history, _), (.members, _), (.mistake, _):
            violate("an unexpected error: \(event) to \(request)")
        }
    }

    private func closing(_ event: ChatEvent) {
        isClosing = true
        let least = Limits.returnDelay
        guard let delay = event.reconnectAfter, delay >= least, delay < least + 100_000 else {
            return violate("\(event)")
        }
    }
}
