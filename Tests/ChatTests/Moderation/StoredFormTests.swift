import Foundation
import Testing

@testable import Chat

@Suite struct StoredFormTests {
    private static let go = RoomName("go")!
    private static let time = Timestamp(milliseconds: 1_700_000_000_123)

    private static func ban(_ kind: BanTarget.Kind, isTimeout: Bool = false) -> Ban {
        Ban(
            rev: 9,
            BanTarget(
                kind, user: "u", username: "Ä \u{1F600}",
                origin: Origin(block: .max, connection: .max - 1)),
            isTimeout: isTimeout, time: time, end: isTimeout ? time : nil, reason: "a\n\"b\"",
            by: "mona", rank: .owner)
    }

    private static var settings: RoomSettings {
        var settings = RoomSettings()
        settings.rules.slowSeconds = 3
        settings.pinned = 8
        return settings.panicking(true)
    }

    private static let terms = TermState(
        TermRecord([Term("gold", .block), Term("/a|b/", .hold), Term("é x", .hold)]))

    private static var restored: Restoration {
        var restored = Restoration(of: 4)
        restored.add([
            Line(
                seq: 5, time: time, username: "bob", message: "hi",
                by: Author(user: "b", badge: .vip)),
            Line(seq: 3, time: time, username: "gus", message: "e\u{301}"),
        ])
        restored.ban = ban(.block)
        (restored.settings, restored.terms) = (settings, terms)
        return restored
    }

    static let kinds: [RoomChange.Kind] = [
        .deleted(seqs: [5, 3, 4, 9]), .settings(settings), .banned(ban(.user)),
        .banned(ban(.name, isTimeout: true)), .unbanned([ban(.guest), ban(.block)]), .unbanned([]),
        .purged(user: nil), .purged(user: "u"), .terms(terms), .terms(TermState(TermRecord([]))),
        .restored(restored), .restored(Restoration(of: 1)), .approved(held: .max),
        .rejected(held: 3), .past,
    ]

    private func isSame<Value: Codable & Equatable>(_ value: Value) throws -> Bool {
        let data = try JSONEncoder().encode(value)
        // Unknown fields are ignored.
        var text = String(decoding: data, as: UTF8.self)
        if text.hasPrefix("{\"") { text = #"{"later":[1,{"x":null}],"# + text.dropFirst() }
        return try JSONDecoder().decode(Value.self, from: Data(text.utf8)) == value
    }

    @Test(arguments: kinds)
    func `a change is read as it was written`(kind: RoomChange.Kind) throws {
        var change = RoomChange(
            rev: 7, after: 6, time: Self.time, kind: kind, purged: [1, 2, 3, 9])
        change.rejected = [4, 8]
        #expect(try isSame(change))
        #expect(try isSame(RoomChange(rev: 1, after: 0, time: Self.time, kind: kind)))
        let parts = [change.withoutTexts, change.withoutLines]
        for part in parts {
            #expect(part.rev == 7 && part.rejected == [4, 8])
            #expect(try isSame(part))
        }
        #expect(change.withoutLines.goneLines.isEmpty)
        #expect(change.withoutTexts.goneLines == change.goneLines)
    }

    @Test(arguments: kinds)
    func `an entry of the log is read as it was written, without texts`(
        kind: RoomChange.Kind
    ) throws {
        let change = RoomChange(rev: 7, after: 6, time: Self.time, kind: kind)
        var entry = LedgerEntry(
            change, action: "purge", by: "mona", rank: .moderator, note: #","count":3"#,
            before: Self.settings,
            [
                TermEdit(text: "a b", old: nil, new: .hold),
                TermEdit(text: "c", old: .block, new: nil),
            ])
        entry.undone = 9
        let data = try JSONEncoder().encode(entry)
        let read = try JSONDecoder().decode(LedgerEntry.self, from: data)
        #expect(read.isMade(like: entry))
        #expect(read.text == entry.text)
        #expect(read.undone == 9 && read.before == entry.before && read.edits == entry.edits)
        #expect(!String(decoding: data, as: UTF8.self).contains("hi"))
        #expect(entry.isMade(like: read))
    }

    @Test(arguments: [HeldLine.Reason.hold, .term, .check], [true, false])
    func `a line that waits is read as it was written`(
        reason: HeldLine.Reason, isApproved: Bool
    ) throws {
        var draft = Draft(
            room: Self.go, time: Self.time, username: "bob", message: "hi",
            by: Author(user: "b", badge: .vip), key: "k")
        draft.origin = Origin(block: 5, connection: 6)
        let guest = Draft(
            room: Self.go, time: Self.time, username: "gus", message: "\u{0} \u{1F600}", key: nil)
        for draft in [draft, guest, draft.saying("other")] {
            let line = HeldLine(id: 1 << 48, draft, reason, isApproved: isApproved)
            #expect(try isSame(line))
            let kept = try JSONEncoder().encode(HeldLine.Kept(draft, reason))
            let read = try JSONDecoder().decode(HeldLine.Kept.self, from: kept)
            #expect(try read.line(line.id, isApproved: isApproved) == line)
            #expect(read.draft.digest == draft.digest)
        }
    }

    @Test func `small values are read as they were written`() throws {
        #expect(try isSame([Self.settings, RoomSettings()]))
        #expect(try isSame([RoomName.everywhere, Self.go]))
        #expect(try isSame([Self.time]))
        #expect(try isSame(Badge.allCases))
        #expect(try isSame([SeqRuns([1, 2, 5]), SeqRuns([])]))
        #expect(try isSame(HeldReply.Said(id: 1, seq: nil, time: Self.time)))
        #expect(try isSame(ServerNotice.revoked("x")))
        #expect(try isSame(ServerNotice.disconnectedUser("x", reason: "y")))
        #expect(try isSame(ServerNotice.disconnected(connection: "x", reason: "")))
        for kind in [BanTarget.Kind.user, .name, .guest, .block] {
            #expect(try isSame(Self.ban(kind)))
        }
    }

    @Test(arguments: [
        #"{"v":2,"rev":3,"after":1,"time":5,"kind":"settings","settings":7}"#,
        #"{"v":1,"rev":3,"after":1,"time":5,"kind":"sung"}"#,
    ])
    func `what a newer server does is past, and counts`(text: String) throws {
        let change = try JSONDecoder().decode(RoomChange.self, from: Data(text.utf8))
        #expect(change.kind == .past && change.rev == 3)
    }

    @Test(arguments: [
        #"{"v":1,"rev":3,"after":1,"time":5,"kind":"settings"}"#,
        #"{"v":1,"rev":3,"after":1,"time":5,"kind":"restored"}"#,
        #"{"v":1,"rev":3,"after":1,"time":5,"kind":"deleted","seqs":"x"}"#, "{}", "[]",
    ])
    func `a change without what it needs can't be read`(text: String) {
        #expect(throws: (any Error).self) {
            try JSONDecoder().decode(RoomChange.self, from: Data(text.utf8))
        }
    }

    @Test func `a ban of a newer form can't be read`() throws {
        let data = try JSONEncoder().encode(Self.ban(.user))
        let text = String(decoding: data, as: UTF8.self).replacing(#""v":1"#, with: #""v":2"#)
        #expect(throws: StoredForm.Newer.self) {
            try JSONDecoder().decode(Ban.self, from: Data(text.utf8))
        }
    }
}
