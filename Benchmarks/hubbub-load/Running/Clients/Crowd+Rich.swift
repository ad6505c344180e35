internal import ChatClient
internal import Reactor

/// The dialect `hubbub.v1`.
extension Crowd {
    private static let presence = #"{"type":"presence""#

    /// Enters the room, or continues where the connection was before.
    mutating func join(_ index: Int) throws(Failure) {
        let room = room(of: index)
        var entry = ClientCommand.Entry.history(0)
        if clients[index].resumes {
            let last = verifiers[room].lastSeq(of: member(index))
            let hasLines = verifiers[room].lines(of: member(index)) > 0
            if let seq = last ?? (hasLines ? nil : clients[index].enteredAt) {
                entry = .after(epoch: epochs[room], seq: seq)
            }
        }
        let command = ClientCommand.join(
            room: roomName(room), username: "load-\(number(index))", entry, id: "join")
        let text = command.text
        clients[index].session.send(text: text.span, into: &frame, using: &random)
    }

    /// Handles a message that isn't a line of this run.
    mutating func receivedEvent(_ index: Int, _ text: Span<UInt8>) throws(Failure) {
        // Skip presence early, because there is so much of it.
        guard !text.starts(with: Self.presence.utf8.span) else { return }
        if let refusal = Refusal(text) { throw refusal.failure(connection: number(index)) }
        var bytes: [UInt8] = []
        for position in text.indices { bytes.append(text[position]) }
        guard let event = try? ServerEvent(bytes) else {
            foreign += 1
            return
        }
        switch event {
        case .joined(let joined): self.joined(index, joined)
        case .gap(let gap) where gap.from <= gap.to:
            announced += Int(clamping: gap.missed)
            verifiers[room(of: index)].announcedGap(gap.from...gap.to, to: member(index))
        case .epoch(let begun): epochs[room(of: index)] = begun.epoch
        case .message, .unknown: foreign += 1
        case .welcome, .ack, .history, .members, .presence, .gap, .left, .error, .closing: break
        // It asks for no changes.
        case .tombstone, .deleted, .purged, .restored, .room, .held, .released, .rejected, .modlog:
            break
        }
    }

    private mutating func joined(_ index: Int, _ joined: ServerEvent.Joined) {
        let (room, member) = (room(of: index), member(index))
        epochs[room] = joined.epoch
        if clients[index].resumes, joined.recovered == true {
            resumed += 1
        } else if clients[index].wasInside {
            clients[index].enteredAt = joined.seq
            verifiers[room].entered(member, afterSeq: joined.seq)
        } else {
            clients[index].enteredAt = joined.seq
        }
        clients[index].resumes = false
        if !clients[index].isInside { arrived(index) }
    }
}
