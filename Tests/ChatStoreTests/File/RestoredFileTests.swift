import Chat
import Foundation
import GRDB
import Testing

@testable import ChatStore

/// The file is another one than the store has left, or has opened.
@Suite struct RestoredFileTests {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func stop(_ store: StoreHarness, cleanly isClean: Bool) throws {
        #expect(store.store.close())
        if !isClean { try directory.edit { try $0.execute(sql: "UPDATE run SET clean = 0") } }
    }

    @Test(arguments: [false, true], [false, true])
    func `a restored copy begins an epoch if it lacks a line`(
        hasLines: Bool, isClean: Bool
    ) throws {
        let first = StoreHarness(directory)
        let epoch = try first.ready().epoch
        _ = try first.append(Draft.lines(1...3))
        let copy = try TemporaryDirectory()
        try directory.edit { db in
            try db.execute(sql: "VACUUM INTO ?", arguments: [copy.database])
        }
        if hasLines { _ = try first.append(Draft.lines(4...5)) }
        try stop(first, cleanly: isClean)
        try FileManager.default.removeItem(atPath: directory.database)
        try FileManager.default.copyItem(atPath: copy.database, toPath: directory.database)

        let second = StoreHarness(directory)
        #expect(try (second.ready().epoch == epoch) == !hasLines)
        let ends = hasLines ? [EpochEnd(epoch: epoch, seq: 3)] : []
        #expect(try second.follow() == second.snapshot(lastSeq: 3, oldest: 1, ends: ends))
        #expect(try second.append([.line("other 4")]) == [4])
    }

    @Test func `a copy without a stamp begins an epoch`() throws {
        let first = StoreHarness(directory)
        let epoch = try first.ready().epoch
        _ = try first.append([.line("1")])
        first.store.close()
        try FileManager.default.removeItem(atPath: directory.database + "-stamp")
        let second = StoreHarness(directory)
        let next = try second.ready().epoch
        #expect(next != epoch)
        second.store.close()
        #expect(try StoreHarness(directory).ready().epoch == next)
    }

    @Test func `a deleted file is noticed, and its numbers go on`() throws {
        let store = StoreHarness(directory)
        let epoch = try store.ready().epoch
        let other = try RoomName(1)
        _ = try store.append(Draft.lines(1...3) + [.line("a", room: other)])
        for suffix in ["", "-wal", "-shm"] {
            try? FileManager.default.removeItem(atPath: directory.database + suffix)
        }
        #expect(try store.ready().epoch != epoch)
        #expect(try store.follow() == store.snapshot(lastSeq: 3, oldest: 4))
        #expect(try store.append([.line("4"), .line("b", room: other)]) == [4, 2])
        #expect(try store.page()?.lines.map(\.message) == ["4"])
        store.store.close()
        let next = StoreHarness(directory)
        #expect(try next.append([.line("5")]) == [5])
        #expect(try next.page()?.lines.map(\.message) == ["4", "5"])
    }

    @Test func `a file that replaces the open one is used, and its numbers go on`() throws {
        let store = StoreHarness(directory)
        let epoch = try store.ready().epoch
        _ = try store.append(Draft.lines(1...3))
        let copy = directory.database + ".copy"
        try directory.edit { try $0.execute(sql: "VACUUM INTO ?", arguments: [copy]) }
        _ = try store.append(Draft.lines(4...6))
        try FileManager.default.removeItem(atPath: directory.database)
        for suffix in ["-wal", "-shm"] {
            try? FileManager.default.removeItem(atPath: directory.database + suffix)
        }
        try FileManager.default.moveItem(atPath: copy, toPath: directory.database)
        #expect(try store.ready().epoch != epoch)
        #expect(try store.append([.line("7")]) == [7])
        #expect(try store.page()?.lines.map(\.message) == ["1", "2", "3"])
        #expect(try store.page(from: 4)?.through == 6)
        #expect(try store.page(from: 7)?.lines.map(\.message) == ["7"])
    }

    @Test func `a WAL that was deleted loses no line`() throws {
        let store = StoreHarness(directory)
        let epoch = try store.ready().epoch
        _ = try store.append(Draft.lines(1...3))
        try FileManager.default.removeItem(atPath: directory.database + "-wal")
        #expect(try store.ready().epoch == epoch)
        #expect(try store.append([.line("4")]) == [4])
        store.store.close()
        #expect(try StoreHarness(directory).page()?.lines.count == 4)
    }
}
