import Chat
import Foundation
import Testing

@testable import ChatStore

@Suite struct StreamReaderTests {
    private let mod = Author(user: "mod", badge: .moderator)

    @Test func `it reads lines, changes and ends while the store is open`() throws {
        let directory = try TemporaryDirectory()
        let reader = StreamReader(directory: directory.path)
        #expect(!reader.hasFile)
        let harness = StoreHarness(directory)
        _ = try harness.ready()
        _ = try harness.append((1...5).map { .line("\($0) secret") })
        #expect(try reader.changes(of: .lobby, after: 0, atMost: 9) == [])
        #expect(try reader.page(of: .lobby, from: 2, through: 5).lines.map(\.seq) == [2, 3, 4, 5])
        #expect(try harness.change(.delete(seqs: [2]), by: mod, at: .start) == .ordered(rev: 1))
        #expect(
            try harness.change(
                .ban(BanOrder(.user("u9"), isTimeout: false)), by: mod, at: .start)
                == .ordered(rev: 2))
        let (epoch, heads) = try reader.heads(of: nil)
        #expect(Epoch(epoch) != nil)
        #expect(heads == [RoomHead(.lobby, oldest: 1, last: RoomCursor(seq: 5, rev: 2))])
        #expect(try reader.heads(of: []).heads == [])
        let page = try reader.page(of: .lobby, from: 1, through: 9)
        #expect(page.lines.map(\.isDeleted) == [false, true, false, false, false])
        #expect(!page.lines[1].message.contains("secret"))
        let changes = try reader.changes(of: .lobby, after: 0, atMost: 9)
        #expect(changes.map(\.action) == ["delete", "ban"])
        #expect(changes.map(\.author) == ["mod", "mod"])
        #expect(changes[0].change.kind == .deleted(seqs: [2]) && changes[0].change.after == 5)
        #expect(changes[1].note.contains(#""user":"u9""#))
        #expect(try reader.changes(of: .lobby, after: 1, atMost: 9).map(\.change.rev) == [2])
    }

    @Test func `it finds the last entries before a time`() throws {
        let directory = try TemporaryDirectory()
        let harness = StoreHarness(directory)
        _ = try harness.ready()
        _ = try harness.append(
            (1...5).map { .line("\($0)", at: .start.later(by: Int64($0) * 1_000)) })
        let reader = StreamReader(directory: directory.path)
        func last(behind seq: UInt64, before time: Int64) throws -> UInt64 {
            try reader.last(
                of: .lobby, behind: RoomCursor(seq: seq), before: .start.later(by: time)
            ).seq
        }
        #expect(try last(behind: 0, before: 3_500) == 3)
        #expect(try last(behind: 4, before: 3_500) == 4)
        #expect(try last(behind: 0, before: 0) == 0)
        #expect(try last(behind: 0, before: 9_000) == 5)
    }

    @Test func `it follows the file that is there`() throws {
        let directory = try TemporaryDirectory()
        let reader = StreamReader(directory: directory.path)
        for count in 1...2 {
            let harness = StoreHarness(directory)
            _ = try harness.ready()
            _ = try harness.append((1...count).map { .line("\($0)") })
            #expect(try reader.heads(of: nil).heads.map(\.last.seq) == [UInt64(count)])
            harness.store.close()
            for suffix in ["", "-stamp", "-wal", "-shm"] {
                try? FileManager.default.removeItem(
                    atPath: directory.path + "/hubbub.db" + suffix)
            }
        }
    }
}
