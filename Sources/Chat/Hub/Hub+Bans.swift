/// Bans and timeouts, which hold for members and for those who want to be.
extension Hub {
    /// A ban is in force.
    public mutating func banned(_ ban: Ban, in room: RoomName) {
        bans.add(ban, in: room)
        if ban.isTimeout { watchLines() }
    }

    /// A ban is over before its time.
    public mutating func unbanned(_ ban: Ban, in room: RoomName) { bans.remove(ban, in: room) }

    /// These bans are in force, and no others.
    public mutating func replaceBans(_ all: [OrdererOpening.StoredBan], at time: Timestamp) {
        bans = BanTable()
        for each in all where !each.ban.isOver(at: time) { bans.add(each.ban, in: each.room) }
        watchLines()
    }

    /// What was kept of rooms before the start.
    public mutating func keep(
        _ snapshot: ModerationSnapshot, at now: UInt64, time: Timestamp
    ) {
        for room in snapshot.rooms {
            keep(room.name, lastRev: room.lastRev, room.settings)
        }
        replaceBans(snapshot.bans, at: time)
        held.replace(snapshot.held, at: now, time: time)
        replaceTerms(snapshot.terms)
    }

    /// Timeouts or terms have changed: decides anew whether lines need a look.
    mutating func watchLines() {
        for room in roomsByName.values { watchLines(of: room) }
    }

    /// Whether a member has another name than this in a room, or none.
    public func isRenaming(_ id: MembershipID, to username: String) -> Bool {
        !(membership(id).username?.hasSameBytes(as: username) ?? false)
    }
}
