internal import Chat

/// Answers of a shard about presence.
extension ShardPresence {
    /// A command was answered. Nil if it could not be carried out.
    package mutating func answered(
        _ command: PresenceCommand, _ reply: PresenceReply?, at now: UInt64
    ) {
        switch command {
        case .attend(_, _, let epoch, let rooms):
            guard epoch == self.epoch else { break }
            attending = max(attending - 1, 0)
            guard case .attended(let list, let versions) = reply else { break }
            attended(list, at: now)
            for (room, version) in zip(rooms, versions) { checked(room, version, at: now) }
        case .tell(_, _, let epoch, let room, _):
            guard epoch == self.epoch else { break }
            told(room, reply == .told(isTaken: true), at: now)
        case .read(let epoch, let room):
            guard epoch == self.epoch else { break }
            if case .read(let members) = reply {
                rooms.update(room) { $0.read(members) }
                for members in members.nodes { checkAttendance(of: members.run, at: now) }
            } else {
                rooms.update(room) { $0.read(nil) }
            }
            // A later attendance finds what has failed.
            if reply != nil, isOpen, rooms[room]?.needsReading == true { read(room) }
            tellServer(of: room)
        case .bury: break
        }
    }

    private mutating func attended(_ attendances: [Attendance], at now: UInt64) {
        let news = attendants.attended(attendances, at: now)
        bury(news.dead)
        if news.isForgotten {
            for room in rooms.names {
                rooms.update(room) { $0.isForgotten() }
                list(room)
            }
            tell(at: now)
        }
        if !news.gone.isEmpty {
            for room in rooms.names {
                rooms.update(room) { $0.forget(news.gone) }
                if rooms[room]?.needsReading == true { doubt(room, at: now) }
            }
        }
        if news.areOthers { tellServer() }
    }

    private mutating func checked(_ room: RoomName, _ version: UInt64, at now: UInt64) {
        let isDoubtful = rooms.update(room) { $0.attended(version) } ?? false
        if isDoubtful || rooms[room]?.needsReading == true { doubt(room, at: now) }
    }

    private mutating func told(_ room: RoomName, _ isTold: Bool, at now: UInt64) {
        guard rooms[room]?.telling != nil else { return }
        tellings = max(tellings - 1, 0)
        rooms.update(room) { $0.wasTold(isTold) }
        list(room)
        forgetIfOver(room)
        // Not for each answer, because the list may be long.
        if tellings <= PresenceLimits.tellingsAtOnce / 2 { tellingDue = min(tellingDue, now) }
        tell(at: now)
    }
}
