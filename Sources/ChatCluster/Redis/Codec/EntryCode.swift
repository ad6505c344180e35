internal import Chat

/// The bytes of an entry of a room's stream: their count, then one that tells the kind, then the
/// content. So entries follow one another without anything between them. The position of an entry
/// is its id in the stream.
enum EntryCode {
    private enum Kind: UInt8 {
        case line = 1
        /// Its content is JSON.
        case change = 2
    }

    /// The parts of a line that most lines don't have.
    private struct Parts: OptionSet {
        let rawValue: UInt8

        static let user = Parts(rawValue: 1)
        static let badge = Parts(rawValue: 2)
        static let origin = Parts(rawValue: 4)
    }

    /// The entry of a line that has no number yet.
    static func bytes(of draft: Draft) -> [UInt8] {
        let (before, after) = parts(of: draft)
        var time = ByteWriter()
        time.number(UInt64(draft.time.milliseconds))
        return entry(before + time.bytes + after)
    }

    /// The entry of a change. Its position is that of the entry.
    static func bytes(of change: RoomChange) -> [UInt8] {
        entry([Kind.change.rawValue] + JSONText.bytes(of: change))
    }

    /// The content of a line before its time, and after it.
    static func parts(of draft: Draft) -> (before: [UInt8], after: [UInt8]) {
        var parts: Parts = []
        if draft.author.user != nil { parts.insert(.user) }
        if draft.author.badge != nil { parts.insert(.badge) }
        if draft.origin != .unknown { parts.insert(.origin) }
        var content = ByteWriter()
        if let user = draft.author.user { content.text(user) }
        if let badge = draft.author.badge { content.byte(badge.rawValue) }
        if parts.contains(.origin) {
            content.word(draft.origin.block)
            content.word(draft.origin.connection)
        }
        content.text(draft.username)
        content.remainingText(draft.message)
        return ([Kind.line.rawValue, parts.rawValue], content.bytes)
    }

    private static func entry(_ content: [UInt8]) -> [UInt8] {
        var count = ByteWriter()
        count.number(UInt64(content.count))
        return count.bytes + content
    }

    /// Reads the next entry, which comes after a position. Nil if it can't be read.
    static func next(from reader: inout ByteReader, after previous: RoomCursor) -> StoredEntry? {
        guard let content = reader.counted() else { return nil }
        var inner = ByteReader(content)
        guard let kind = inner.byte().flatMap(Kind.init) else { return nil }
        var cursor = previous
        switch kind {
        case .line:
            cursor.seq += 1
            return line(from: &inner, at: cursor)
        case .change:
            cursor.rev += 1
            return change(from: &inner, at: cursor)
        }
    }

    /// Reads an entry with its position. Nil if it can't be read.
    static func entry(_ bytes: [UInt8], at cursor: RoomCursor) -> StoredEntry? {
        var reader = ByteReader(bytes[...])
        guard let content = reader.counted(), reader.isAtEnd else { return nil }
        var inner = ByteReader(content)
        guard let kind = inner.byte().flatMap(Kind.init) else { return nil }
        switch kind {
        case .line: return line(from: &inner, at: cursor)
        case .change: return change(from: &inner, at: cursor)
        }
    }

    private static func change(
        from reader: inout ByteReader, at cursor: RoomCursor
    ) -> StoredEntry? {
        guard let change = JSONText.value(RoomChange.self, in: reader.remaining()),
            change.rev == cursor.rev
        else { return nil }
        return StoredEntry(cursor, .change(change.placed(after: cursor.seq)))
    }

    private static func line(
        from reader: inout ByteReader, at cursor: RoomCursor
    ) -> StoredEntry? {
        guard let parts = reader.byte().map(Parts.init), let time = reader.number() else {
            return nil
        }
        let user = parts.contains(.user) ? reader.text() : nil
        let badge = parts.contains(.badge) ? reader.byte().flatMap { Badge(rawValue: $0) } : nil
        var origin = Origin.unknown
        if parts.contains(.origin) {
            guard let block = reader.word(), let connection = reader.word() else { return nil }
            origin = Origin(block: block, connection: connection)
        }
        guard let username = reader.text() else { return nil }
        let line = Line(
            seq: cursor.seq, time: Timestamp(milliseconds: Int64(clamping: time)),
            username: username, message: reader.remainingText(),
            by: Author(user: user, badge: badge))
        return StoredEntry(cursor, .line(line, origin))
    }
}
