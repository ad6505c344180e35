internal import Chat
internal import Reactor
internal import WebSocket

extension Server where Net: ~Copyable {
    /// A text message of the plain dialect has arrived: a line for the client's room.
    mutating func receivedPlainMessage(_ index: Int, _ text: Span<UInt8>) {
        counts.linesReceived += 1
        allowances.turns.carriesLine()
        allowances.turns.spend(Cost.line)
        sayPlainly(index, text)
    }

    /// A line of the plain dialect has waited for the state of its room. Nil if it isn't available.
    mutating func finishLine(_ index: Int, _ text: [UInt8], _ snapshot: RoomSnapshot?) {
        if snapshot != nil {
            sayPlainly(index, text.span)
        } else {
            refuse(index, Self.storeUnavailable, id: nil)
        }
        releaseInput(index)
    }

    private mutating func sayPlainly(_ index: Int, _ text: Span<UInt8>) {
        do throws(Refusal) {
            let fields = try PlainFields(text)
            try checkStore()
            if !history.isInPlace, let room = hub.awaitedRoom(of: MemberID(index: index)) {
                var line: [UInt8] = []
                line.append(text)
                connections.waitForStore(index, .line(line))
                return history.awaitOpening(of: room, connections.token(at: index))
            }
            if identities.names.isOn { try checkPlainName(index, fields, in: text) }
            let member = MemberID(index: index)
            if connections[index].flags.isDisjoint(with: .identified),
                history.lineChecks.checker == nil,
                let line = try hub.numbered(
                    fields, in: text, by: member, at: clock.now.milliseconds)
            {
                if line.renames { noticePresence(of: line.room) }
                let origin = addresses.origins.origin(connections.token(at: index))
                streams[line.room].origins.append(line.seq, origin)
                return publish(
                    line.seq, in: line.room, at: clock.wall, text.extracting(line.username),
                    text.extracting(line.message), arePlain: true)
            }
            let message = try PlainMessage(fields, in: text)
                .said(as: name(index, orElse: nil))
            try checkSpeaks(index, in: nil, as: message.username)
            let (draft, room, reason) = try hub.drafted(
                message, by: member, as: author(index), at: clock.now.milliseconds,
                time: clock.wall)
            noteName(index, in: room)
            if let reason {
                return try hold(draft, in: room, from: index, because: reason)
            }
            try accept(draft, in: room, from: index)
        } catch {
            refuse(index, error, id: nil)
        }
    }

    /// A line is valid. It is numbered and published now or, if lines are kept, once it is stored.
    mutating func accept(
        _ draft: consuming Draft, in room: RoomID, from index: Int
    ) throws(Refusal) {
        if history.lineChecks.takes(draft) { return try check(draft, in: room, from: index) }
        noticePresence(of: room)
        if draft.author.isGuest {
            draft.origin = addresses.origins.origin(connections.token(at: index))
        }
        guard !history.isInPlace else {
            let seq = hub.numbered(draft, in: room, at: clock.now.milliseconds)
            if draft.author.isGuest { streams[room].origins.append(seq, draft.origin) }
            publish(seq, in: room, at: draft.time, draft.username, draft.message, by: draft.author)
            return acknowledge(index, draft.key, draft.room, seq, draft.time)
        }
        let token = connections.token(at: index)
        hub.submitted(draft, ticket: history.commits.nextID, at: clock.now.milliseconds)
        _ = history.commits.append(draft, from: token)
    }

    /// Tells a client why its command was refused. After too many refusals, closes the connection.
    /// `frame` is the number of the command on its connection, if the command has no id.
    mutating func refuse(_ index: Int, _ refusal: Refusal, id: String?, frame: UInt32? = nil) {
        counts.refusals[refusal.code.rawValue, default: 0] += 1
        let dialect: Dialect? =
            connections[index].isRich ? .rich : connections[index].isInChat ? .plain : nil
        monitor.incidents.add(.refusal(refusal.code), dialect, at: clock.wall)
        if connectionLog.isDebug { connectionLog.refused(index, refusal.code) }
        allowances.turns.spend(Cost.refusal)
        guard connections[index].isInChat else { return refusedRequest(index, refusal) }
        enqueueReply(index) { EventWriter.error(refusal, id: id, frame: frame, into: &$0) }
        guard connections[index].isInChat else { return }
        let isPatient = hub.refused(
            refusal, of: MemberID(index: index), at: clock.now.milliseconds)
        // A moderator who cleans up may be late for many lines.
        guard !isPatient, !moderatesSomewhere(index) else { return }
        close(
            index, .policyViolation,
            "More than \(limits.chat.errorsPerMinute) commands were refused within a minute.")
    }
}
