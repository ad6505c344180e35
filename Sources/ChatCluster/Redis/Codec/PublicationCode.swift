internal import Chat

/// The text of a publication: the epoch, a space, the position before the first entry, a line feed,
/// and the entries.
enum PublicationCode {
    /// The oldest line of a room, which comes on the same channel, behind `<`. Nil if it is another
    /// message.
    static func oldest(_ bytes: [UInt8]) -> UInt64? {
        guard bytes.first == UInt8(ascii: "<") else { return nil }
        return UInt64(String(decoding: bytes.dropFirst(), as: UTF8.self))
    }

    /// Nil if it can't be read: it counts as lost then.
    static func publication(_ bytes: [UInt8]) -> Publication? {
        guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        let words = String(decoding: bytes[..<end], as: UTF8.self).split(separator: " ")
        guard words.count == 2, let epoch = Epoch(String(words[0])),
            let previous = PositionText.cursor(String(words[1]))
        else { return nil }
        var reader = ByteReader(bytes[(end + 1)...])
        var entries: [StoredEntry] = []
        var position = previous
        while !reader.isAtEnd {
            guard let entry = EntryCode.next(from: &reader, after: position) else { return nil }
            entries.append(entry)
            position = entry.cursor
        }
        return Publication(epoch, after: previous, entries)
    }
}
