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
}
