/// Events about the members of a room.
extension EventWriter {
    /// A member has entered a room. `seq` is the number of the room's last line. `recovered` is set
    /// only if the member asked to resume: whether it gets every line since.
    public static func joined(
        id: String?, room: RoomName, epoch: Epoch, seq: UInt64, rev: UInt64 = 0, members: Int,
        recovered: Bool?, settings: RoomSettings = RoomSettings(), into buffer: inout [UInt8]
    ) {
        open("joined", id: id, room: room, in: &buffer)
        append(#","epoch":"#, epoch.text, to: &buffer)
        append(#","seq":"#, seq, to: &buffer)
        append(#","rev":"#, rev, to: &buffer)
        append(#","members":"#, members, to: &buffer)
        if let recovered { append(#","recovered":"#, recovered, to: &buffer) }
        if settings != RoomSettings() {
            buffer.append(#","settings":"#)
            appendSettings(settings, withBefore: false, to: &buffer)
        }
        buffer.append("}")
    }

    /// A member has left a room. `code` says why, if it didn't want to.
    public static func left(
        id: String?, room: RoomName, code: Refusal.Code? = nil, reason: String? = nil,
        into buffer: inout [UInt8]
    ) {
        open("left", id: id, room: room, in: &buffer)
        if let code { append(#","code":"#, code.rawValue, to: &buffer) }
        if let reason { append(#","reason":"#, reason, to: &buffer) }
        buffer.append("}")
    }

    /// The members of a room, in the form of ``listed(_:)``.
    public static func members(
        id: String?, room: RoomName, _ listed: [UInt8], into buffer: inout [UInt8]
    ) {
        open("members", id: id, room: room, in: &buffer)
        buffer += listed
    }

    /// The part of the answer to `members` that is the same for all members of a room.
    public static func listed(_ members: MemberList) -> [UInt8] {
        var buffer: [UInt8] = []
        append(#","count":"#, members.count, to: &buffer)
        append(#","number":"#, UInt64(members.number), to: &buffer)
        if let usernames = members.usernames { append(#","usernames":"#, usernames, to: &buffer) }
        if let untold = members.untold {
            append(#","untold":{"joined":"#, untold.joined, to: &buffer)
            append(#","left":"#, untold.left, to: &buffer)
            buffer.append("}")
        }
        buffer.append("}")
        return buffer
    }

    /// A change of a room's members.
    public static func presence(
        room: RoomName, _ presence: Presence, into buffer: inout [UInt8]
    ) {
        open("presence", room: room, in: &buffer)
        append(#","count":"#, presence.count, to: &buffer)
        append(#","number":"#, UInt64(presence.number), to: &buffer)
        if let joined = presence.joined { append(#","joined":"#, joined, to: &buffer) }
        if let left = presence.left { append(#","left":"#, left, to: &buffer) }
        buffer.append("}")
    }
}
