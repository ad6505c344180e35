/// Events about changes of a room.
extension EventWriter {
    /// The change of a moderator has this number. `connections` is how many it has met.
    public static func ack(
        id: String?, room: RoomName, rev: UInt64, connections: Int? = nil,
        into buffer: inout [UInt8]
    ) {
        open("ack", id: id, room: room, in: &buffer)
        append(#","rev":"#, rev, to: &buffer)
        if let connections { append(#","connections":"#, connections, to: &buffer) }
        buffer.append("}")
    }

    /// Lines were deleted.
    public static func deleted(
        room: RoomName, rev: UInt64, seqs: [UInt64], into buffer: inout [UInt8]
    ) {
        open("deleted", room: room, in: &buffer)
        append(#","rev":"#, rev, to: &buffer)
        buffer.append(#","seqs":["#)
        for (place, seq) in seqs.enumerated() {
            if place > 0 { buffer.append(",") }
            buffer.append(addingCapacity: 20) { $0.append(decimal: seq) }
        }
        buffer.append("]}")
    }

    /// Bytes that an event about purged lines may have.
    static let purgedLimit = 4_096
    /// The longest run: two numbers of 16 digits.
    private static let runBytes = 36

    /// Lines were purged. There are as many events as are needed to keep each of them short.
    public static func purged(
        room: RoomName, rev: UInt64, user: String?, seqs: [UInt64]
    ) -> [[UInt8]] {
        var head: [UInt8] = []
        open("purged", room: room, in: &head)
        append(#","rev":"#, rev, to: &head)
        if let user { append(#","user":"#, user, to: &head) }
        let tail = 40
        let runs = max((purgedLimit - head.count - tail) / runBytes, 1)
        return SeqRuns(seqs).parts(atMost: runs).map { part in
            var event = head
            append(part, to: &event)
            append(#","count":"#, part.count, to: &event)
            event += "}".utf8
            return event
        }
    }

    /// A change was undone, and lines are back.
    public static func restored(
        room: RoomName, rev: UInt64, _ restored: Restoration, into buffer: inout [UInt8]
    ) {
        open("restored", room: room, in: &buffer)
        append(#","rev":"#, rev, to: &buffer)
        append(#","of":"#, restored.of, to: &buffer)
        let lines = restored.lines
        guard 1...Restoration.toldLines ~= lines.count else {
            append(SeqRuns(restored.seqs), to: &buffer)
            buffer.append("}")
            return
        }
        buffer.append(#","messages":["#)
        for (place, line) in lines.enumerated() {
            if place > 0 { buffer.append(",") }
            EventWriter.line(
                room: room, seq: line.seq, time: TimestampText(line.time),
                username: line.username.utf8.span, message: line.message.utf8.span,
                by: line.author, into: &buffer)
        }
        buffer.append("]}")
    }

    private static func append(_ runs: SeqRuns, to buffer: inout [UInt8]) {
        buffer.append(#","seqs":["#)
        for (place, run) in runs.runs.enumerated() {
            buffer.append(place > 0 ? ",[" : "[")
            buffer.append(addingCapacity: 48) { output in
                output.append(decimal: run.lowerBound)
                output.append(",")
                output.append(decimal: run.upperBound)
                output.append("]")
            }
        }
        buffer.append("]")
    }

    /// The tombstone: what stands in the place of a deleted line.
    public static func mark(room: RoomName, seq: UInt64, into buffer: inout [UInt8]) {
        open("deleted", room: room, in: &buffer)
        append(#","seq":"#, seq, to: &buffer)
        buffer.append("}")
    }

    /// Changes are missing, up to this number.
    public static func gap(room: RoomName, rev: UInt64, into buffer: inout [UInt8]) {
        open("gap", room: room, in: &buffer)
        append(#","rev":"#, rev, to: &buffer)
        buffer.append("}")
    }

    /// Another epoch has begun in a room. The member goes on after line `seq`: up to it, its lines
    /// have the same numbers as before.
    public static func epoch(
        room: RoomName, epoch: Epoch, seq: UInt64, into buffer: inout [UInt8]
    ) {
        open("epoch", room: room, in: &buffer)
        append(#","epoch":"#, epoch.text, to: &buffer)
        append(#","seq":"#, seq, to: &buffer)
        buffer.append("}")
    }

    /// What was before line `seq` of this epoch isn't known: the numbers that the reader has belong
    /// to another epoch.
    public static func gap(
        room: RoomName, epoch: Epoch, seq: UInt64, into buffer: inout [UInt8]
    ) {
        open("gap", room: room, in: &buffer)
        append(#","epoch":"#, epoch.text, to: &buffer)
        append(#","seq":"#, seq, to: &buffer)
        buffer.append("}")
    }
}
