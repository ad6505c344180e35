/// Events about lines that wait.
extension EventWriter {
    /// The sender's line waits.
    public static func ack(
        id: String, room: RoomName, held line: HeldLine, into buffer: inout [UInt8]
    ) {
        open("ack", id: id, room: room, in: &buffer)
        append(#","held":"#, line.name, to: &buffer)
        buffer.append("}")
    }

    /// A line waits, for moderators.
    public static func held(_ line: HeldLine, into buffer: inout [UInt8]) {
        open("held", room: line.draft.room, in: &buffer)
        append(#","held":"#, line.name, to: &buffer)
        append(#","time":"#, TimestampText(line.draft.time).string, to: &buffer)
        append(#","username":"#, line.draft.username, to: &buffer)
        append(#","message":"#, line.draft.message, to: &buffer)
        if let user = line.draft.author.user { append(#","user":"#, user, to: &buffer) }
        append(#","why":"#, line.reason.rawValue, to: &buffer)
        buffer.append("}")
    }

    /// A line that waited was said, and has this number.
    public static func released(
        _ line: HeldLine, seq: UInt64, at time: Timestamp, into buffer: inout [UInt8]
    ) {
        open("released", room: line.draft.room, in: &buffer)
        append(#","held":"#, line.name, to: &buffer)
        append(#","seq":"#, seq, to: &buffer)
        append(#","time":"#, TimestampText(time).string, to: &buffer)
        buffer.append("}")
    }

    /// A line that waited is never said.
    public static func rejected(_ line: HeldLine, into buffer: inout [UInt8]) {
        open("rejected", room: line.draft.room, in: &buffer)
        append(#","held":"#, line.name, to: &buffer)
        buffer.append("}")
    }
}
