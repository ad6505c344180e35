import Chat
import Testing

@testable import ChatCluster

@Suite struct EntryCodeTests {
    static let drafts: [Draft] = {
        var guest = Draft.sample("hi")
        guest.origin = Origin(block: 1, connection: .max)
        return [
            .sample("hello, wörld 🙂"), .sample(""), guest,
            .sample(String(repeating: "x", count: 8_000), by: Author(user: "u1")),
            .sample("a", by: Author(user: "u1", badge: .owner)),
            .sample("of the room", by: Author(badge: .system)),
        ]
    }()

    @Test(arguments: drafts)
    func `a line comes back as it was`(draft: Draft) {
        let cursor = RoomCursor(seq: 42, rev: 3)
        let line = Line(
            seq: 42, time: draft.time, username: draft.username, message: draft.message,
            by: draft.author)
        let bytes = EntryCode.bytes(of: draft)
        #expect(
            EntryCode.entry(bytes, at: cursor)
                == StoredEntry(cursor, .line(line, draft.origin)))
        for count in bytes.indices {
            #expect(EntryCode.entry(Array(bytes[..<count]), at: cursor) == nil)
        }
    }

    @Test func `entries follow one another`() {
        let bytes = Self.drafts.flatMap { EntryCode.bytes(of: $0) }
        var reader = ByteReader(bytes[...])
        var position = RoomCursor(seq: 7, rev: 2)
        for draft in Self.drafts {
            let entry = EntryCode.next(from: &reader, after: position)
            position.seq += 1
            #expect(entry?.cursor == position)
            guard case .line(let line, _)? = entry?.content else {
                return #expect(Bool(false), "a line")
            }
            #expect(line.message == draft.message)
        }
        #expect(reader.isAtEnd)
    }

    @Test(arguments: [0, 1, 127, 128, 300, 1 << 32, .max] as [UInt64])
    func `numbers come back`(number: UInt64) {
        var writer = ByteWriter()
        writer.number(number)
        writer.word(number)
        var reader = ByteReader(writer.bytes[...])
        #expect(reader.number() == number)
        #expect(reader.word() == number)
        #expect(reader.byte() == nil)
        #expect(reader.number() == nil)
    }

    @Test func `a short line takes few bytes`() {
        // A user's name of 3 and a text of 40 bytes.
        let draft = Draft.sample(String(repeating: "x", count: 40))
        #expect(EntryCode.bytes(of: draft).count == 53)
    }
}
