internal import Chat

/// One page of HTML for people. It needs no script and loads nothing, and everything in it that
/// people wrote is escaped.
struct ExportPage: ExportFormat {
    private var day: (year: UInt64, month: UInt64, day: UInt64)?
    private var lines = 0
    /// The room under the last heading.
    private var room: RoomName?

    mutating func begin(_ room: RoomName?, into buffer: inout [UInt8]) {
        self.room = room
        let name = room?.text ?? "All rooms"
        buffer +=
            """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <meta http-equiv="Content-Security-Policy" \
            content="default-src 'none'; style-src 'sha256-\(Self.styleDigest)'">
            <meta name="color-scheme" content="light dark">
            <title>\(name)</title>
            <style>\(Self.style)</style>
            </head>
            <body>
            <main>
            <h1>\(name)</h1>

            """.utf8
    }

    mutating func append(_ line: Line, of room: RoomName, into buffer: inout [UInt8]) {
        let time = line.time.text
        let date = line.time.date
        if room != self.room {
            if day != nil { buffer += "</ol>\n".utf8 }
            buffer += "<h1>\(room.text)</h1>\n".utf8
            (self.room, day) = (room, nil)
        }
        if day.map({ $0 != date }) ?? true {
            if day != nil { buffer += "</ol>\n".utf8 }
            buffer += "<h2>\(time.prefix(10))</h2>\n<ol>\n".utf8
            day = date
        }
        lines += 1
        let anchor = "\(room.text)-\(line.seq)"
        buffer += "<li id=\"\(anchor)\"><a href=\"#\(anchor)\" title=\"\(line.seq)\">".utf8
        buffer +=
            "<time datetime=\"\(time)\">\(time.dropFirst(11).prefix(8))</time></a> <b><bdi>".utf8
        Self.append(line.username, into: &buffer)
        buffer += "</bdi></b> <p dir=\"auto\">".utf8
        Self.append(line.message, into: &buffer)
        buffer += "</p></li>\n".utf8
    }

    func end(into buffer: inout [UInt8]) {
        if day != nil { buffer += "</ol>\n".utf8 }
        buffer +=
            """
            </main>
            <footer>\(lines) \(lines == 1 ? "line" : "lines"). Times are in UTC.</footer>
            </body>
            </html>

            """.utf8
    }

    /// Appends a text with escapes for what HTML understands otherwise. Control characters, which
    /// HTML has no escape for, become their pictures.
    static func append(_ text: String, into buffer: inout [UInt8]) {
        var last: Unicode.Scalar = " "
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": buffer += "&amp;".utf8
            case "<": buffer += "&lt;".utf8
            case ">": buffer += "&gt;".utf8
            case "\"": buffer += "&quot;".utf8
            case "'": buffer += "&#39;".utf8
            case "\t": buffer.append(UInt8(ascii: "\t"))
            case "\n" where last == "\r": break
            case "\n", "\r": buffer.append(UInt8(ascii: "\n"))
            case "\u{0}"..<" ": buffer += Array("\(picture(0x2400 + scalar.value))".utf8)
            case "\u{7F}": buffer += Array("\(picture(0x2421))".utf8)
            case "\u{80}"..."\u{9F}": buffer += Array("\u{FFFD}".utf8)
            default: buffer += scalar.utf8
            }
            last = scalar
        }
    }

    private static func picture(_ value: UInt32) -> Unicode.Scalar {
        Unicode.Scalar(value) ?? "\u{FFFD}"
    }

    /// The SHA-256 of the style, by which browsers know it.
    private static let styleDigest = "9mExh43ynolXYkt6525yTOHPYQa7mfJTtjOuuQq8IuI="
    private static let style = """
        :root { color-scheme: light dark; --quiet: light-dark(#59636e, #9aa4af); }
        body { margin: 0 auto; max-width: 48rem; padding: 1rem; overflow-wrap: anywhere;
          font: 1rem/1.5 system-ui, sans-serif; color: light-dark(#1a1d21, #e6e8eb);
          background: light-dark(#fff, #16181b); }
        h1 { font-size: 1.5rem; }
        h2 { font-size: 1rem; color: var(--quiet); position: sticky; top: 0; margin: 0;
          padding: .5rem 0; background: light-dark(#fff, #16181b); }
        ol { list-style: none; margin: 0; padding: 0; }
        li { padding: .15rem 0; content-visibility: auto; contain-intrinsic-size: auto 1.8rem; }
        li:target { background: light-dark(#fff3c4, #4a3c00); }
        a { color: var(--quiet); text-decoration: none; font-variant-numeric: tabular-nums; }
        a:hover, a:focus { text-decoration: underline; }
        p { display: inline; margin: 0; white-space: pre-wrap; unicode-bidi: isolate; }
        footer { margin-top: 2rem; color: var(--quiet); }
        @media print { h2 { position: static; } li { content-visibility: visible; } }
        """
}
