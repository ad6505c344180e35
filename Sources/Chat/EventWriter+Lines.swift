/// Events about lines and their numbers.
extension EventWriter {
    /// The sender's line has this number.
    public static func ack(
        id: String?, room: RoomName, seq: UInt64, time: Timestamp, into buffer: inout [UInt8]
    ) {
        ack(id: id, room: room, seq: seq, time: TimestampText(time), into: &buffer)
    }

    /// The same.
    public static func ack(
        id: String?, room: RoomName, seq: UInt64, time: TimestampText, into buffer: inout [UInt8]
    ) {
        open("ack", id: id, room: room, in: &buffer)
        buffer.append(addingCapacity: 64) { rest in
            rest.append(#","seq":"#)
            rest.append(decimal: seq)
            rest.append(#","time":""#)
            time.append(to: &rest)
            rest.append(#""}"#)
        }
    }

    /// Lines are missing here, the first of them `from` and the last one `to`; `missed` is their
    /// number.
    public static func gap(
        room: RoomName, from: UInt64, to: UInt64, missed: UInt64, into buffer: inout [UInt8]
    ) {
        open("gap", room: room, in: &buffer)
        append(#","from":"#, from, to: &buffer)
        append(#","to":"#, to, to: &buffer)
        append(#","missed":"#, missed, to: &buffer)
        buffer.append("}")
    }

    /// Lines of the past, oldest first. `more`: there are older ones.
    public static func history(
        id: String?, room: RoomName, lines: [StoredLine], more: Bool, into buffer: inout [UInt8]
    ) {
        openHistory(id: id, room: room, in: &buffer)
        for line in lines { appendHistory(line, of: room, to: &buffer) }
        closeHistory(more: more, in: &buffer)
    }

    /// Begins a `history` event whose lines come piece by piece. Nothing else may be written to the
    /// buffer before `closeHistory(more:in:)`.
    public static func openHistory(id: String?, room: RoomName, in buffer: inout [UInt8]) {
        open("history", id: id, room: room, in: &buffer)
        buffer.append(#","messages":["#)
    }

    /// Puts a line, younger than those before, into a `history` event.
    public static func appendHistory(
        _ line: StoredLine, of room: RoomName, to buffer: inout [UInt8]
    ) {
        appendComma(to: &buffer)
        self.line(
            room: room, seq: line.seq, time: line.time, username: line.username,
            message: line.message, into: &buffer)
    }

    /// Puts a line, younger than those before, into a `history` event: `event` is what
    /// `line(room:seq:time:username:message:into:)` wrote, whole.
    public static func appendHistory(encoded event: Span<UInt8>, to buffer: inout [UInt8]) {
        appendComma(to: &buffer)
        buffer.append(copying: event)
    }

    /// Ends a `history` event. `more`: there are older lines than these.
    public static func closeHistory(more: Bool, in buffer: inout [UInt8]) {
        append(#"],"more":"#, more, to: &buffer)
        buffer.append("}")
    }

    /// Separates a line from the one before it. What stands before the first is the bracket, and
    /// every line ends with a brace.
    private static func appendComma(to buffer: inout [UInt8]) {
        if buffer.last != UInt8(ascii: "[") { buffer.append(",") }
    }
}
