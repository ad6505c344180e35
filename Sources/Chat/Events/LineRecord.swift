/// A line as an export has it, with its author: the event that members got, as `EventWriter.line`
/// writes it, one in a line of text (NDJSON).
package struct LineRecord: Equatable, Sendable {
    /// Nil if it names none.
    package let room: RoomName?
    package let time: Timestamp
    package let username: String
    package let message: String
    package let author: Author

    /// Parses one record. Only the form is checked here; ``ChatText`` checks the two texts.
    ///
    /// Unknown fields are ignored, and so is the number: a line that is imported gets another one.
    /// If a field appears twice, the last one counts.
    package init(_ text: Span<UInt8>) throws(Refusal) {
        var scanner = JSONScanner()
        let kind = try scanner.kind(in: text)
        guard kind == .object else {
            throw Refusal(
                .invalidCommand, "A line must be a JSON object, not \(kind.rawValue).")
        }
        var room = JSONField.missing
        var time = JSONField.missing
        var username = JSONField.missing
        var message = JSONField.missing
        var user = JSONField.missing
        var role = JSONField.missing
        var nextKey = try scanner.firstKeyOfText(in: text)
        while let key = nextKey {
            if key.equals("room", in: text) {
                room = try JSONField(&scanner, in: text)
            } else if key.equals("time", in: text) {
                time = try JSONField(&scanner, in: text)
            } else if key.equals(PlainForm.username, in: text) {
                username = try JSONField(&scanner, in: text)
            } else if key.equals(PlainForm.message, in: text) {
                message = try JSONField(&scanner, in: text)
            } else if key.equals("user", in: text) {
                user = try JSONField(&scanner, in: text)
            } else if key.equals("role", in: text) {
                role = try JSONField(&scanner, in: text)
            } else {
                try scanner.skipValue(in: text)
            }
            nextKey = try scanner.nextKey(in: text)
        }
        try scanner.finish(in: text)
        self.room = try Self.name(room, in: text)
        self.time = try Self.time(time, in: text)
        self.username = try username.string(named: PlainForm.username, in: text)
        self.message = try message.string(named: PlainForm.message, in: text)
        author = Author(
            user: try user.present?.string(named: "user", in: text),
            badge: try Self.badge(role, in: text))
    }

    private static func badge(
        _ field: JSONField, in text: Span<UInt8>
    ) throws(Refusal) -> Badge? {
        guard let field = field.present else { return nil }
        guard let badge = Badge(try field.string(named: "role", in: text)) else {
            throw Refusal(.invalidCommand, "The field \"role\" must be a role that lines show.")
        }
        return badge
    }

    private static func name(
        _ field: JSONField, in text: Span<UInt8>
    ) throws(Refusal) -> RoomName? {
        guard let field = field.present else { return nil }
        let value = try field.text(named: "room")
        guard let name = try value.withBytes(in: text, { RoomName($0) }) else {
            throw .invalidRoom
        }
        return name
    }

    private static func time(
        _ field: JSONField, in text: Span<UInt8>
    ) throws(Refusal) -> Timestamp {
        let value = try field.text(named: "time")
        guard let time = try value.withBytes(in: text, { Timestamp(rfc3339: $0) }) else {
            throw Refusal(
                .invalidCommand,
                "The field \"time\" must be a time like 2026-01-31T12:00:00.123Z, of the years "
                    + "1970 to 9999.")
        }
        return time
    }
}
