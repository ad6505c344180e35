/// Writes the server's events as JSON (RFC 8259). Each is appended to a buffer as a whole.
public enum EventWriter {
    /// Bytes of the constant part of a line, up to the quote that ends its text.
    private static let frameOfLine = 72

    /// A line as every member of its room gets it, in either dialect.
    public static func line(
        room: RoomName, seq: UInt64, time: Timestamp, username: String, message: String,
        by author: Author = .guest, into buffer: inout [UInt8]
    ) {
        line(
            room: room, seq: seq, time: TimestampText(time), username: username.utf8.span,
            message: message.utf8.span, by: author, into: &buffer)
    }

    /// The same for texts in UTF-8.
    public static func line(
        room: RoomName, seq: UInt64, time: TimestampText, username: Span<UInt8>,
        message: Span<UInt8>, by author: Author, into buffer: inout [UInt8]
    ) {
        let capacity = plainLineLength(room: room, seq: seq, username: username, message: message)
        if author.isGuest, isPlain(username), isPlain(message) {
            return buffer.append(addingCapacity: capacity) { line in
                plainLine(
                    room: room, seq: seq, time: time, username: username, message: message,
                    into: &line)
            }
        }
        buffer.append(addingCapacity: capacity) { appendHead(room, seq, time, to: &$0) }
        appendEscaped(username, to: &buffer)
        append(author, to: &buffer)
        buffer.append(PlainForm.middle)
        appendEscaped(message, to: &buffer)
        buffer.append(PlainForm.tail)
    }

    /// Appends the fields of an author, up to the last quote, which is left out.
    private static func append(_ author: Author, to buffer: inout [UInt8]) {
        if let user = author.user {
            buffer.append(#"","user":""#)
            appendEscaped(user.utf8.span, to: &buffer)
        }
        if let badge = author.badge {
            buffer.append(#"","role":""#)
            buffer.append(copying: badge.name.utf8.span)
        }
    }

    /// Whether a text needs no escape, like nearly all texts.
    public static func isPlain(_ text: Span<UInt8>) -> Bool {
        text.endOfPlainRun(from: 0) == text.count
    }

    /// Bytes of a guest's line whose texts are plain.
    public static func plainLineLength(
        room: RoomName, seq: UInt64, username: Span<UInt8>, message: Span<UInt8>
    ) -> Int {
        frameOfLine + room.count + seq.decimalDigits + Timestamp.length
            + username.count + message.count
    }

    /// Appends a guest's line whose texts are plain. There must be room for it.
    public static func plainLine(
        room: RoomName, seq: UInt64, time: TimestampText, username: Span<UInt8>,
        message: Span<UInt8>, into line: inout OutputSpan<UInt8>
    ) {
        appendHead(room, seq, time, to: &line)
        line.append(copying: username)
        line.append(PlainForm.middle)
        line.append(copying: message)
        line.append(PlainForm.tail)
    }

    @inline(__always)
    private static func appendHead(
        _ room: RoomName, _ seq: UInt64, _ time: TimestampText,
        to line: inout OutputSpan<UInt8>
    ) {
        line.append(#"{"type":"message","room":""#)
        line.append(room)
        line.append(#"","seq":"#)
        line.append(decimal: seq)
        line.append(#","time":""#)
        time.append(to: &line)
        line.append(#"","username":""#)
    }

    /// A refusal, for the sender of the refused command. `id` is the command's, if it had one.
    /// `frame` is set only if there is no `id`. It counts the text messages of the connection from
    /// 1, up to the one with the command.
    public static func error(
        _ refusal: Refusal, id: String?, frame: UInt32? = nil, into buffer: inout [UInt8]
    ) {
        open("error", id: id, in: &buffer)
        append(#","code":"#, refusal.code.rawValue, to: &buffer)
        append(#","reason":"#, refusal.reason, to: &buffer)
        if let retryAfter = refusal.retryAfter {
            append(#","retry_after_ms":"#, retryAfter, to: &buffer)
        }
        if refusal.isUnknown { buffer.append(#","unknown":true"#) }
        if let frame { append(#","frame":"#, UInt64(frame), to: &buffer) }
        buffer.append(#"}"#)
    }

    /// Appends the inside of a JSON string. Escapes exactly what RFC 8259 section 7 requires.
    package static func appendEscaped(_ bytes: Span<UInt8>, to buffer: inout [UInt8]) {
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
