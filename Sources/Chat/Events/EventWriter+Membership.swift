/// Events about who is in a room.
extension EventWriter {
    /// A member is in a room. `seq` is the number of the room's last line. `recovered` is there
    /// only if the member wanted to resume: whether it gets every line since.
    public static func joined(
        id: String?, room: RoomName, epoch: Epoch, seq: UInt64, members: Int, recovered: Bool?,
        into buffer: inout [UInt8]
    ) {
        open("joined", id: id, room: room, in: &buffer)
        append(#","epoch":"#, epoch.text, to: &buffer)
        append(#","seq":"#, seq, to: &buffer)
        append(#","members":"#, members, to: &buffer)
        if let recovered { append(#","recovered":"#, recovered, to: &buffer) }
        buffer.append("}")
    }

    /// A member is in a room no more.
    public static func left(id: String?, room: RoomName, into buffer: inout [UInt8]) {
        open("left", id: id, room: room, in: &buffer)
        buffer.append("}")
    }

    /// Who is in a room: `count` connections, and their names where those are told.
    public static func members(
        id: String?, room: RoomName, count: Int, usernames: [String]?, into buffer: inout [UInt8]
    ) {
        open("members", id: id, room: room, in: &buffer)
        append(#","count":"#, count, to: &buffer)
        if let usernames { append(#","usernames":"#, usernames, to: &buffer) }
        buffer.append("}")
    }

    /// What changed in a room: `count` connections are there now, and the names of those who came
    /// and went, where they are told.
    public static func presence(
        room: RoomName, count: Int, joined: [String]?, left: [String]?, into buffer: inout [UInt8]
    ) {
        open("presence", room: room, in: &buffer)
        append(#","count":"#, count, to: &buffer)
        if let joined { append(#","joined":"#, joined, to: &buffer) }
        if let left { append(#","left":"#, left, to: &buffer) }
        buffer.append("}")
    }
}
