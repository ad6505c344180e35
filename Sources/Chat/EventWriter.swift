/// Writes the server's events as JSON (RFC 8259), each appended to a buffer whole.
public enum EventWriter {
    /// The most that a line has in front of its user name: 57 bytes that are always the same,
    /// the room, 20 digits and the time.
    private static let headCapacity = 57 + RoomName.lengthLimit + 20 + Timestamp.length

    /// A line as every member of its room gets it, in either dialect.
    public static func line(
        room: RoomName, seq: UInt64, time: Timestamp, username: String, message: String,
        into buffer: inout [UInt8]
    ) {
        buffer.append(addingCapacity: headCapacity) { head in
            head.append(#"{"type":"message","room":""#)
            head.append(copying: room.text.utf8.span)
            head.append(#"","seq":"#)
            head.append(decimal: seq)
            head.append(#","time":""#)
            time.append(to: &head)
            head.append(#"","username":""#)
        }
        appendEscaped(username, to: &buffer)
        buffer.append(#"","message":""#)
        appendEscaped(message, to: &buffer)
        buffer.append(#""}"#)
    }

    /// A refusal, for the sender of the refused command alone. `id` is the command's, if it had
    /// one.
    public static func error(_ refusal: Refusal, id: String?, into buffer: inout [UInt8]) {
        open("error", id: id, in: &buffer)
        append(#","code":"#, refusal.code.rawValue, to: &buffer)
        append(#","reason":"#, refusal.reason, to: &buffer)
        if let retryAfter = refusal.retryAfter {
            append(#","retry_after_ms":"#, retryAfter, to: &buffer)
        }
        buffer.append(#"}"#)
    }

    /// The inside of a JSON string. What RFC 8259 section 7 wants escaped is, and nothing else.
    static func appendEscaped(_ text: String, to buffer: inout [UInt8]) {
        let bytes = text.utf8.span
        var start = 0
        while true {
            let end = bytes.endOfPlainRun(from: start)
            buffer.append(copying: bytes.extracting(start..<end))
            guard end < bytes.count else { return }
            appendEscape(of: bytes[end], to: &buffer)
            start = end + 1
        }
    }

    private static func appendEscape(of byte: UInt8, to buffer: inout [UInt8]) {
        switch byte {
        case 0x08: buffer.append(#"\b"#)
        case 0x09: buffer.append(#"\t"#)
        case 0x0A: buffer.append(#"\n"#)
        case 0x0C: buffer.append(#"\f"#)
        case 0x0D: buffer.append(#"\r"#)
        case 0..<0x20:
            buffer.append(#"\u00"#)
            buffer.append(UInt8(ascii: "0") + byte >> 4)
            buffer.append("0123456789abcdef".utf8.span[Int(byte & 0xF)])
        default:
            buffer.append(UInt8(ascii: "\\"))
            buffer.append(byte)
        }
    }
}
