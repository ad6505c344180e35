internal import Chat

/// A JSON object in each line (NDJSON): the event of the line, byte for byte as members got it.
struct ExportRecords: ExportFormat {
    func begin(_ room: RoomName?, into buffer: inout [UInt8]) {}

    func append(_ line: Line, of room: RoomName, into buffer: inout [UInt8]) {
        EventWriter.line(
            room: room, seq: line.seq, time: line.time, username: line.username,
            message: line.message, by: line.author, into: &buffer)
        buffer.append(UInt8(ascii: "\n"))
    }

    func end(into buffer: inout [UInt8]) {}
}
