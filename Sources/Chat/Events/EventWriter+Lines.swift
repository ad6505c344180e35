/// Events about lines and their numbers.
extension EventWriter {
    /// The sender's line has this number.
    public static func ack(
        id: String?, room: RoomName, seq: UInt64, time: Timestamp, into buffer: inout [UInt8]
    ) {
        ack(id: id, room: room, seq: seq, time: TimestampText(time), into: &buffer)
    }

    /// The same with the time as text.
    public static func ack(
        id: String?, room: RoomName, seq: UInt64, time: TimestampText, into buffer: inout [UInt8]
    ) {
        begin("ack", id: id, in: &buffer)
        buffer.append(addingCapacity: 80 + RoomName.lengthLimit) { rest in
            rest.append(#"","room":""#)
            rest.append(room)
            rest.append(#"","seq":"#)
            rest.append(decimal: seq)
            rest.append(#","time":""#)
            time.append(to: &rest)
            rest.append(#""}"#)
        }
    }

    /// Lines are missing, from `from` to `to`. `missed` is their number.
    public static func gap(
        room: RoomName, from: UInt64, to: UInt64, missed: UInt64, into buffer: inout [UInt8]
    ) {
        open("gap", room: room, in: &buffer)
        append(#","from":"#, from, to: &buffer)
        append(#","to":"#, to, to: &buffer)
        append(#","missed":"#, missed, to: &buffer)
        buffer.append("}")
    }

    /// Earlier lines, oldest first, each as written by
    /// `line(room:seq:time:username:message:into:)`. `more` means that there are older ones.
    public static func history(
        id: String?, room: RoomName, lines: ArraySlice<[UInt8]>, more: Bool,
        into buffer: inout [UInt8]
    ) {
        open("history", id: id, room: room, in: &buffer)
        buffer.append(#","messages":["#)
        for (number, line) in lines.enumerated() {
            if number > 0 { buffer.append(",") }
            buffer += line
        }
        append(#"],"more":"#, more, to: &buffer)
        buffer.append("}")
    }
}
