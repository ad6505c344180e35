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
    /// `line(room:seq:time:username:message:into:)`: all of the event, or a piece of it.
    ///
    /// - Parameters:
    ///   - begins: whether this is the first piece.
    ///   - hasLines: whether earlier pieces have lines.
    ///   - blanks: the number of blanks after the lines.
    ///   - more: whether there are older lines than these. Nil if another piece follows.
    public static func history(
        id: String?, room: RoomName, begins: Bool = true, hasLines: Bool = false,
        lines: ArraySlice<[UInt8]>, blanks: Int = 0, more: Bool?, into buffer: inout [UInt8]
    ) {
        if begins {
            open("history", id: id, room: room, in: &buffer)
            buffer.append(#","messages":["#)
        }
        for (number, line) in lines.enumerated() {
            if number > 0 || hasLines { buffer.append(",") }
            buffer += line
        }
        buffer += repeatElement(UInt8(ascii: " "), count: blanks)
        guard let more else { return }
        append(#"],"more":"#, more, to: &buffer)
        buffer.append("}")
    }
}
