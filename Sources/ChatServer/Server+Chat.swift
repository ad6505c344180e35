internal import Chat
internal import Reactor
internal import WebSocket

extension Server where Net: ~Copyable {
    /// A text message came in: it becomes a line of the room, or its sender hears why not.
    mutating func receivedText(_ index: Int, _ text: Span<UInt8>) {
        metrics.linesReceived += 1
        let member = MemberID(index: index)
        do throws(Refusal) {
            let message = try PlainMessage.parse(text)
            let line = try hub.said(
                message, by: member, at: now.milliseconds,
                time: Timestamp(milliseconds: network.wallClock()))
            publish(line)
        } catch {
            refuse(index, error)
        }
    }

    private mutating func refuse(_ index: Int, _ refusal: Refusal) {
        metrics.refusals[refusal.code.rawValue, default: 0] += 1
        scratch.removeAll(keepingCapacity: true)
        lineScratch.removeAll(keepingCapacity: true)
        EventWriter.error(refusal, id: nil, into: &lineScratch)
        let event = lineScratch
        FrameEncoder.append(.text, event.span, to: &scratch)
        enqueueScratch(index, lane: .control)
        checkControl(index)
        guard connections[index].phase == .open else { return }
        let isPatient = hub.refused(
            refusal, of: MemberID(index: index), at: now.milliseconds)
        guard !isPatient else { return }
        close(
            index, .policyViolation,
            "More than \(limits.chat.errorsPerMinute) commands were refused within a minute.")
    }

    /// A client enters a room: the lines before belong to those who were there before.
    mutating func enterRoom(_ index: Int, _ name: RoomName) {
        if let room = hub.room(named: name) { sealBatch(of: room) }
        let room = hub.entered(MemberID(index: index), room: name)
        while roomLogs.count <= room.index { roomLogs.append(RoomLog()) }
        if connections[index].flags.contains(.deflates) { roomLogs[room.index].deflating += 1 }
        openSessions += 1
    }

    /// A client leaves all its rooms; logs of rooms that vanish with it are given back.
    mutating func leaveRooms(_ index: Int) {
        let member = MemberID(index: index)
        if let membership = hub.firstMembership(of: member) {
            let room = hub.membership(membership).room
            sealBatch(of: room)
            if connections[index].flags.contains(.deflates) { roomLogs[room.index].deflating -= 1 }
        }
        connections[index].flags.remove(.behind)
        for room in hub.left(member) {
            roomLogs[room.index].trim(to: 0, pool: &pool)
        }
    }

    /// Gives back the logs of rooms in which nothing was said for a while. What members who are
    /// behind still need stays.
    mutating func coolRooms() {
        guard coolAgain <= coarseNow else { return }
        coolAgain = coarseNow.advanced(byMilliseconds: Limits.idleRoom / 8)
        warmRooms.removeAll { room in
            if !roomLogs[room.index].isEmpty {
                let isIdle =
                    roomLogs[room.index].sealed.advanced(byMilliseconds: Limits.idleRoom)
                    < coarseNow
                guard isIdle, hub.room(room).headCount == hub.room(room).seats.count else {
                    return false
                }
                roomLogs[room.index].trim(to: 0, pool: &pool)
            }
            roomLogs[room.index].isWarm = false
            return true
        }
    }
}
