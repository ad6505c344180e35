package import Chat

/// A node's work with a shard for the presence of members: it tells the shard of the server's own
/// members, and the server of those on nodes that live.
///
/// It has no connection and no clock. After each call, send its commands and pass its replies on,
/// both in order. Answers come in the order of the commands.
package struct ShardPresence {
    let run: NodeRun
    /// Nil before the first epoch.
    private(set) var epoch: Epoch?
    /// Whether commands can be sent.
    private(set) var isOpen = false
    var rooms = RoomTable<SharedRoom>()
    var attendants: Attendants
    private var commands: [PresenceCommand] = []
    var replies: [OrdererReply] = []
    /// The number of the last attendance or telling.
    private var number: UInt64 = 0
    private var attendanceDue = UInt64.max
    /// Attendances without an answer.
    var attending = 0
    /// Rooms that are to be told, and when the next one may be.
    private var listed: [RoomName] = []
    var tellingDue = UInt64.max
    var tellings = 0
    /// Rooms whose notices may still be on their way, and when they count as lost.
    private var doubts: [RoomName] = []
    private var doubtsDue = UInt64.max
    /// Until then, the server keeps what it knows, as all nodes tell their members again.
    private var settled = UInt64.max

    package init(_ run: NodeRun) {
        self.run = run
        attendants = Attendants(run)
    }

    /// When to call ``timePassed(to:)``, if nothing happens before. `UInt64.max` if never.
    package var deadline: UInt64 {
        guard isOpen else { return .max }
        return min(min(attendanceDue, tellingDue), min(doubtsDue, settled))
    }

    // MARK: The server

    /// The server's own members of a room are these now.
    package mutating func changed(_ presence: RoomPresence, in room: RoomName, at now: UInt64) {
        if rooms[room] == nil {
            guard presence != .nobody else { return }
            rooms.add(room, SharedRoom())
        }
        rooms.update(room) { $0.own = presence }
        list(room)
        tell(at: now)
        forgetIfOver(room)
    }

    /// The server follows a room.
    package mutating func follow(_ room: RoomName) {
        if rooms[room] == nil { rooms.add(room, SharedRoom()) }
        rooms.update(room) { $0.follow() }
    }

    /// The server doesn't follow a room any more, because it has no members there.
    package mutating func unfollow(_ room: RoomName, at now: UInt64) {
        rooms.update(room) { $0.unfollow() }
        changed(.nobody, in: room, at: now)
    }

    /// The members of a room on other nodes, as the server is told last.
    package func elsewhere(of room: RoomName) -> RoomPresence { rooms[room]?.elsewhere ?? .nobody }

    // MARK: The connection

    /// The shard takes commands of this epoch.
    package mutating func opened(_ epoch: Epoch, at now: UInt64) {
        if epoch != self.epoch {
            if self.epoch != nil { settled = now + PresenceLimits.settling }
            self.epoch = epoch
            (attending, tellings) = (0, 0)
            attendants = Attendants(run)
            (doubts, doubtsDue) = ([], .max)
            for room in rooms.names { rooms.update(room) { $0.epochBegan() } }
        }
        isOpen = true
        attend(at: now)
        for room in rooms.names { list(room) }
        tellingDue = now
        tell(at: now)
    }

    /// The connections are gone. Commands without an answer may have been carried out.
    package mutating func cut() {
        (isOpen, attending, tellings) = (false, 0, 0)
        for room in rooms.names { rooms.update(room) { $0.cut() } }
    }

    /// Notices of a room arrive from now on: reads who is there, unless that is known.
    package mutating func subscribed(_ room: RoomName) {
        if isOpen, rooms[room]?.needsReading == true { read(room) }
    }

    package mutating func received(
        _ notice: PresenceNotice, in room: RoomName, at now: UInt64
    ) {
        guard notice.epoch == epoch else { return }
        let isGap = rooms.update(room) { $0.received(notice) } ?? false
        if isGap, isOpen, rooms[room]?.needsReading == true { read(room) }
        tellServer(of: room)
        checkAttendance(of: notice.members.run, at: now)
    }

    package mutating func timePassed(to now: UInt64) {
        guard isOpen else { return }
        if attendanceDue <= now { attend(at: now) }
        tell(at: now)
        if doubtsDue <= now { settleDoubts() }
        if settled <= now {
            settled = .max
            tellServer()
        }
    }

    /// Takes what the shard is to be asked.
    package mutating func takeCommands() -> [PresenceCommand] {
        defer { commands = [] }
        return commands
    }

    /// Takes the replies for the server.
    package mutating func takeReplies() -> [OrdererReply] {
        defer { replies = [] }
        return replies
    }

    // MARK: Commands

    private mutating func attend(at now: UInt64) {
        attendanceDue = now + PresenceLimits.attendance
        guard attending == 0, let epoch else { return }
        let names = rooms.names.filter { rooms[$0]?.isFollowed == true }
        for start in stride(from: 0, to: max(names.count, 1), by: PresenceLimits.attendedRooms) {
            let part = names[start..<min(start + PresenceLimits.attendedRooms, names.count)]
            for room in part { rooms.update(room) { $0.attending() } }
            number += 1
            attending += 1
            commands.append(.attend(run, number: number, epoch, rooms: Array(part)))
        }
        renew(at: now)
    }

    /// The members of a node that has just come count when it is known to live.
    mutating func checkAttendance(of run: NodeRun, at now: UInt64) {
        guard isOpen, run != self.run, !attendants.knows(run) else { return }
        attend(at: now)
    }

    mutating func read(_ room: RoomName) {
        guard let epoch else { return }
        rooms.update(room) { $0.reading() }
        commands.append(.read(epoch, room))
    }

    mutating func bury(_ attendances: [Attendance]) {
        guard let epoch else { return }
        for attendance in attendances { commands.append(.bury(attendance, epoch)) }
    }

    /// A room may have to be told.
    mutating func list(_ room: RoomName) {
        let isNew = rooms.update(room) { room in
            defer { room.isListed = room.isListed || room.isUntold }
            return room.isUntold && !room.isListed
        }
        guard isNew == true, let due = rooms[room]?.due else { return }
        listed.append(room)
        tellingDue = min(tellingDue, due)
    }

    /// Tells the shard of the rooms whose time it is.
    mutating func tell(at now: UInt64) {
        guard isOpen, tellingDue <= now else { return }
        tellingDue = .max
        let rooms = listed
        listed = []
        for room in rooms where !tell(room, at: now) { listed.append(room) }
    }

    /// Returns whether the room is off the list.
    private mutating func tell(_ name: RoomName, at now: UInt64) -> Bool {
        guard let epoch, let room = rooms[name] else { return true }
        guard room.isUntold, room.telling == nil else {
            rooms.update(name) { $0.isListed = false }
            forgetIfOver(name)
            return true
        }
        // An answer goes on with the list.
        guard tellings < PresenceLimits.tellingsAtOnce else { return false }
        guard room.due <= now else {
            tellingDue = min(tellingDue, room.due)
            return false
        }
        number += 1
        tellings += 1
        let presence = rooms.update(name) { room in
            room.isListed = false
            return room.tell(at: now)
        }
        commands.append(.tell(run, number: number, epoch, name, presence ?? .nobody))
        return true
    }

    private mutating func renew(at now: UInt64) {
        for room in rooms.names where rooms[room]?.needsRenewal(at: now) == true {
            rooms.update(room) { $0.isForgotten() }
            list(room)
        }
    }

    // MARK: Doubts

    /// A room's version isn't the one that the shard has.
    mutating func doubt(_ room: RoomName, at now: UInt64) {
        if doubts.isEmpty { doubtsDue = now + PresenceLimits.grace }
        doubts.append(room)
    }

    private mutating func settleDoubts() {
        for room in doubts where rooms[room]?.needsReading == true { read(room) }
        (doubts, doubtsDue) = ([], .max)
    }

    // MARK: The server's view

    /// Tells the server of the members elsewhere, if they have changed.
    mutating func tellServer(of room: RoomName) {
        guard settled == .max else { return }
        let hasChanged = rooms.update(room) { [attendants] in $0.addUp(attendants.lives) }
        guard hasChanged == true, let elsewhere = rooms[room]?.elsewhere else { return }
        replies.append(.present(room, elsewhere))
    }

    /// The same for all rooms.
    mutating func tellServer() { for room in rooms.names { tellServer(of: room) } }

    mutating func forgetIfOver(_ room: RoomName) {
        if rooms[room]?.isOver == true { rooms.remove(room) }
    }
}
