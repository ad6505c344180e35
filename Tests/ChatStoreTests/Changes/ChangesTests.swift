import Chat
import Foundation
import Testing

@testable import ChatStore

/// Changes are kept in a file of their own, and deleted texts are in no file.
@Suite struct ChangesTests {
    private let secret = "the text that nobody may find"
    let mod = Author(user: "mod", badge: .moderator)

    private func draft(_ text: String, by author: Author = .guest) -> Draft {
        Draft(
            room: .lobby, time: Timestamp(milliseconds: 7), username: "ann", message: text,
            by: author, key: nil)
    }

    private func delete(
        _ seqs: [UInt64], _ harness: StoreHarness, key: String? = nil, by author: Author? = nil
    ) throws -> ChangeAnswer {
        try harness.change(
            .delete(seqs: seqs), by: author ?? mod, key: key, at: Timestamp(milliseconds: 9))
    }

    /// The names of files that have the secret.
    private func leaks(_ directory: TemporaryDirectory) throws -> [String] {
        try directory.names(having: secret)
    }

    @Test func `a deleted line leaves its number and no text`() throws {
        let directory = try TemporaryDirectory()
        let harness = StoreHarness(directory)
        _ = try harness.ready()
        // The second text needs pages of its own.
        let texts = [secret, secret + String(repeating: " and more", count: 2_000), "three"]
        #expect(try harness.append(texts.map { draft($0) }) == [1, 2, 3])
        #expect(try !leaks(directory).isEmpty)
        #expect(try delete([1, 2], harness) == .ordered(rev: 1))
        let page = try #require(try harness.page(from: 1, through: 3))
        #expect(page.lines.map(\.isDeleted) == [true, true, false])
        #expect(page.lines.map(\.message) == ["", "", "three"])
        harness.store.close()
        #expect(try leaks(directory) == [])
    }

    @Test func `the text is gone while the store goes on`() throws {
        let directory = try TemporaryDirectory()
        let harness = StoreHarness(directory)
        _ = try harness.ready()
        #expect(try harness.append([draft(secret)]) == [1])
        #expect(try delete([1], harness) == .ordered(rev: 1))
        // Rounds of upkeep follow each other quickly in tests.
        while try !leaks(directory).isEmpty { _ = try harness.append([draft("on")]) }
    }

    @Test func `changes survive and are told again`() throws {
        let directory = try TemporaryDirectory()
        do {
            let harness = StoreHarness(directory)
            _ = try harness.ready()
            #expect(try harness.append((1...4).map { draft("\($0)") }) == [1, 2, 3, 4])
            #expect(try delete([2, 9], harness, key: "a") == .ordered(rev: 1))
            #expect(try delete([3], harness, key: "b") == .ordered(rev: 2))
            #expect(
                try delete([2], harness)
                    == .refused(
                        Refusal(.notFound, "There is no such line: it is gone, or was never said."))
            )
        }
        let harness = StoreHarness(directory)
        _ = try harness.ready()
        #expect(try delete([2, 9], harness, key: "a") == .ordered(rev: 1))
        #expect(try delete([4], harness, key: "b") == .refused(.changeIDReused))
        let snapshot = try #require(try harness.follow())
        #expect(snapshot.lastRev == 2)
        #expect(snapshot.changes.map(\.kind) == [.deleted(seqs: [2]), .deleted(seqs: [3])])
        #expect(snapshot.changes.map(\.rev) == [1, 2])
        #expect(snapshot.changes.map(\.after) == [4, 4])
    }

    @Test func `a restored backup of the lines loses its deleted ones`() throws {
        let directory = try TemporaryDirectory()
        let path = "\(directory.path)/\(SQLiteStore.fileName)"
        let backup = path + ".backup"
        do {
            let harness = StoreHarness(directory)
            _ = try harness.ready()
            #expect(try harness.append([draft(secret), draft("two")]) == [1, 2])
        }
        try FileManager.default.copyItem(atPath: path, toPath: backup)
        do {
            let harness = StoreHarness(directory)
            _ = try harness.ready()
            #expect(try delete([1], harness) == .ordered(rev: 1))
        }
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.moveItem(atPath: backup, toPath: path)
        let harness = StoreHarness(directory)
        _ = try harness.ready()
        let page = try #require(try harness.page(from: 1, through: 2))
        #expect(page.lines.map(\.isDeleted) == [true, false])
        #expect(try harness.follow()?.lastRev == 1)
        harness.store.close()
        #expect(try leaks(directory) == [])
    }

    @Test func `a deletion doesn't meet the line that gets a lost number`() throws {
        let directory = try TemporaryDirectory()
        let path = "\(directory.path)/\(SQLiteStore.fileName)"
        do {
            let harness = StoreHarness(directory)
            _ = try harness.ready()
            #expect(try harness.append([draft("one"), draft("two"), draft("three")]) == [1, 2, 3])
            #expect(try delete([2, 3], harness) == .ordered(rev: 1))
        }
        for suffix in ["", "-wal", "-shm", "-stamp"] {
            try? FileManager.default.removeItem(atPath: path + suffix)
        }
        for last in [UInt64(0), 2] {
            let harness = StoreHarness(directory)
            _ = try harness.ready()
            let snapshot = try #require(try harness.follow())
            #expect(snapshot.lastRev == 1 && snapshot.lastSeq == last)
            #expect(snapshot.changes.map(\.kind) == [.deleted(seqs: [])])
            #expect(snapshot.changes.map(\.after) == [0])
            guard last == 0 else { continue }
            let later = [draft("new"), draft("newer")].map { draft in
                Draft(
                    room: .lobby, time: Timestamp(milliseconds: 8), username: "ann",
                    message: draft.message, by: .guest, key: nil)
            }
            #expect(try harness.append(later) == [1, 2])
            let page = try #require(try harness.page(from: 1, through: 2))
            #expect(page.lines.map(\.isDeleted) == [false, false])
        }
    }

    @Test func `a guest deletes nothing`() throws {
        let directory = try TemporaryDirectory()
        let harness = StoreHarness(directory)
        _ = try harness.ready()
        #expect(try harness.append([draft("one")]) == [1])
        #expect(try delete([1], harness, by: .guest) == .refused(.notModerator))
        #expect(try delete([1], harness, by: Author(user: "u")) == .refused(.notModerator))
    }
}

extension ChangesTests {
    @Test func `settings add up and survive`() throws {
        let directory = try TemporaryDirectory()
        var wanted: [Moderation] = []
        var patch = RoomSettings.Patch()
        patch.rules.slowSeconds = 9
        wanted.append(.settings(patch))
        patch = RoomSettings.Patch()
        patch.pinned = .some(7)
        patch.prepared = RoomRules.Patch(frozen: true)
        wanted += [.settings(patch), .panic(true)]
        do {
            let harness = StoreHarness(directory)
            _ = try harness.ready()
            for (place, wanted) in wanted.enumerated() {
                let answer = try harness.change(
                    wanted, by: mod, id: UInt64(place), at: .start)
                #expect(answer == .ordered(rev: UInt64(place) + 1))
            }
        }
        var settings = RoomSettings()
        settings.rules.slowSeconds = 9
        settings.rules.frozen = true
        settings.pinned = 7
        settings.prepared = RoomRules.Patch(frozen: true)
        settings.before = RoomRules()
        settings.before?.slowSeconds = 9
        let harness = StoreHarness(directory)
        _ = try harness.ready()
        let snapshot = try #require(try harness.follow())
        #expect(snapshot.settings == settings && snapshot.lastRev == 3)
        #expect(snapshot.changes.last?.kind == .settings(settings))
    }
}
