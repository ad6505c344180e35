internal import Chat
internal import Reactor
internal import WebSocket

extension Server where Net: ~Copyable {
    /// A text message came in: a command, or in the plain dialect a line of the client's room.
    mutating func receivedText(_ index: Int, _ text: Span<UInt8>) {
        metrics.linesReceived += 1
        guard !connections[index].flags.contains(.rich) else {
            return receivedCommand(index, text)
        }
        do throws(Refusal) {
            let fields = try PlainFields(text)
            try checkStore()
            let member = MemberID(index: index)
            if let line = try hub.numbered(fields, in: text, by: member, at: now.milliseconds) {
                noticePresence(of: line.room)
                return publish(
                    line.seq, in: line.room, at: wallNow, text.extracting(line.username),
                    text.extracting(line.message), arePlain: true)
            }
            let (draft, room) = try hub.drafted(
                PlainMessage(fields, in: text), by: member, at: now.milliseconds, time: wallNow)
            accept(draft, in: room, from: index)
        } catch {
            refuse(index, error, id: nil)
        }
    }

    /// A line is right. It is numbered and published now or, where lines are kept, once it is
    /// stored.
    mutating func accept(_ draft: Draft, in room: RoomID, from index: Int) {
        noticePresence(of: room)
        guard hub.isDurable else {
            let seq = hub.numbered(draft, in: room)
            publish(draft, as: seq, in: room)
            return acknowledge(index, draft.key, draft.room, seq, draft.time)
        }
        let token = connections.token(at: index)
        guard let ticket = history?.commits.append(draft, from: token) else { return }
        hub.submitted(draft, ticket: ticket)
    }

    /// Tells a client why its command was refused; too often, and it is closed.
    mutating func refuse(_ index: Int, _ refusal: Refusal, id: String?) {
        metrics.refusals[refusal.code.rawValue, default: 0] += 1
        guard connections[index].phase == .open else { return }
        enqueueReply(index) { EventWriter.error(refusal, id: id, into: &$0) }
        guard connections[index].phase == .open else { return }
        let isPatient = hub.refused(
            refusal, of: MemberID(index: index), at: now.milliseconds)
        guard !isPatient else { return }
        close(
            index, .policyViolation,
            "More than \(limits.chat.errorsPerMinute) commands were refused within a minute.")
    }

    /// Queues an ack or error: in its place, where the client takes what is sent, so that what it
    /// asks for is answered in that order. It overtakes the lines of one that is slow, and counts
    /// as control.
    mutating func enqueueReply(_ index: Int, _ write: (inout [UInt8]) -> Void) {
        let isSlow =
            connections[index].flags.contains(.blocked)
            || Int(connections[index].outbound.lineBytes) >= limits.lowWatermark
        enqueueEvent(index, lane: isSlow ? .control : .lines, write)
        checkControl(index)
    }

    /// Queues the event that `write` appends for one connection, as a message of its own.
    mutating func enqueueEvent(
        _ index: Int, lane: OutboundRing.Lane, _ write: (inout [UInt8]) -> Void
    ) {
        let chunk = frameEvent(write)
        enqueue(index, chunk, lane: lane)
        pool.release(chunk)
    }

    /// Puts the event that `write` appends into a frame of its own; the caller has its reference.
    mutating func frameEvent(_ write: (inout [UInt8]) -> Void) -> ChunkID {
        lineScratch.removeAll(keepingCapacity: true)
        write(&lineScratch)
        let length = lineScratch.count
        return pool.make(lineScratch, headSize: FrameEncoder.headerSize) { head in
            FrameEncoder.appendHeader(.text, length: length, to: &head)
        }
    }

    /// A client of the plain dialect enters the room that it was opened for.
    mutating func enterRoom(_ index: Int, _ name: RoomName) {
        if let room = hub.room(named: name) { sealBatch(of: room) }
        settled(index, in: hub.entered(MemberID(index: index), room: name))
    }

    /// A client of the rich dialect is told with whom it speaks, before anything else.
    mutating func welcome(_ index: Int) {
        connections[index].flags.insert(.rich)
        enqueue(index, welcomeFrame, lane: .control)
    }

    /// A client leaves all its rooms; logs of rooms that vanish with it are given back.
    mutating func leaveRooms(_ index: Int) {
        let member = MemberID(index: index)
        while let membership = hub.firstMembership(of: member) { leaveRoom(index, membership) }
        connections[index].flags.remove(.behind)
        hub.gone(member)
    }

    mutating func leaveRoom(_ index: Int, _ membership: MembershipID) {
        let room = hub.room(of: membership)
        sealBatch(of: room)
        if connections[index].flags.contains(.deflates) { roomLogs[room.index].deflating -= 1 }
        guard hub.left(membership) == nil else {
            roomLogs[room.index].heldUntil = 0
            return roomLogs[room.index].trim(to: 0, pool: &pool)
        }
        noticePresence(of: room)
    }

    /// Gives back the logs of rooms in which nothing was said for a while: all of a log that the
    /// store has too, most of one that nobody else has. What members who are behind still need
    /// stays.
    mutating func coolRooms() {
        coolAgain = coarseNow.advanced(byMilliseconds: Limits.idleRoom / 8)
        let kept = hub.isDurable ? 0 : limits.roomLogBytes / Limits.idleLogShare
        warmRooms.removeAll { room in
            if !roomLogs[room.index].isEmpty {
                let isIdle =
                    roomLogs[room.index].sealed.advanced(byMilliseconds: Limits.idleRoom)
                    < coarseNow
                guard isIdle, hub.headCount(of: room) == hub.memberCount(of: room) else {
                    return false
                }
                roomLogs[room.index].trim(to: kept, pool: &pool)
                // As long as it holds something, the budget must find it.
                guard roomLogs[room.index].isEmpty else { return false }
            }
            roomLogs[room.index].isWarm = false
            return true
        }
    }
}
