internal import Chat

/// Comma-separated values (RFC 4180) in UTF-8, with a line of names.
///
/// Spreadsheets run a field that begins with =, +, -, @ or a few other characters as a formula.
/// Texts are other people's, so such a text gets an apostrophe in front, which spreadsheets don't
/// show in most cases and which stays in the data. NDJSON has texts as they are.
struct ExportTable: ExportFormat {
    /// The characters that a spreadsheet may take for the start of a formula, in their usual width
    /// and the full one, and the white space before them that it skips.
    private static let risky: Set<Unicode.Scalar> = [
        "=", "+", "-", "@", "\t", "\r", "\n", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}",
    ]

    func begin(_ room: RoomName?, into buffer: inout [UInt8]) {
        buffer += "room,seq,time,username,message\r\n".utf8
    }

    func append(_ line: Line, of room: RoomName, into buffer: inout [UInt8]) {
        append(room.text, into: &buffer)
        buffer += ",\(line.seq),".utf8
        line.time.append(to: &buffer)
        buffer.append(UInt8(ascii: ","))
        append(line.username, into: &buffer)
        buffer.append(UInt8(ascii: ","))
        append(line.message, into: &buffer)
        buffer += "\r\n".utf8
    }

    func end(into buffer: inout [UInt8]) {}

    private func append(_ text: String, into buffer: inout [UInt8]) {
        let quote = UInt8(ascii: "\"")
        buffer.append(quote)
        let start = text.unicodeScalars.first { $0 != " " }
        if let start, Self.risky.contains(start) { buffer.append(UInt8(ascii: "'")) }
        for byte in text.utf8 {
            if byte == quote { buffer.append(quote) }
            buffer.append(byte)
        }
        buffer.append(quote)
    }
}
