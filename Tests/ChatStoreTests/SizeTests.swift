import Chat
import Foundation
import GRDB
import Testing

@testable import ChatStore

/// The bytes of the file, and rooms that nobody needs any more.
@Suite struct SizeTests {
    let directory: TemporaryDirectory

    private static let day: Int64 = 86_400_000
    private static let limit = 2 << 20

    init() throws {
        directory = try TemporaryDirectory()
    }

    /// Whether a room has a row.
    private func knows(_ room: RoomName) throws -> Bool {
        let sql = "SELECT count(*) FROM room WHERE name = ?"
        return try directory.edit { try Int.fetchOne($0, sql: sql, arguments: [room.text]) } == 1
    }

    @Test func `a file that is too large gives up the oldest lines of the largest rooms`() throws {
        let store = StoreHarness(
            directory, retention: Retention(days: 0, lines: 0, bytes: Self.limit))
        let small = try RoomName(1)
        _ = try store.append((1...300).map { .line("\($0)", room: small) })
        let text = String(repeating: "x", count: 2_000)
        // 20 MB, ten times as much as the file may have.
        for _ in 0..<100 { _ = try store.append((1...100).map { _ in .line(text) }) }
        let snapshot = try #require(try store.follow())
        #expect(snapshot.lastSeq == 10_000)
        // The newest lines are there.
        let page = try #require(try store.page(from: 9_990))
        #expect(page.lines.map(\.seq) == Array(9_990...10_000))
        #expect(try store.follow(small)?.oldest == 1)
        #expect(try store.page(small)?.lines.count == RoomPage.lineLimit)
        store.store.close()
        let used = try directory.edit { try Upkeep.usedBytes($0) }
        #expect(used < 2 * Self.limit)
        #expect(used > Self.limit / 2)
        // The account of a room's bytes is exact.
        let sum = "SELECT sum(\(Upkeep.bytesOfLine)) FROM line WHERE room = room.id"
        let wrong = try directory.edit {
            try Int.fetchOne($0, sql: "SELECT count(*) FROM room WHERE bytes <> (\(sum))")
        }
        #expect(wrong == 0)
    }

    @Test func `a flood of many small rooms is bounded, too`() throws {
        let store = StoreHarness(
            directory, retention: Retention(days: 0, lines: 0, bytes: Self.limit))
        let text = String(repeating: "x", count: 2_000)
        for round in 0..<60 {
            _ = try store.append(
                (0..<100).map { try .line(text, room: RoomName(round * 50 + $0 % 50)) })
        }
        store.store.close()
        #expect(try directory.edit { try Upkeep.usedBytes($0) } < 2 * Self.limit)
    }

    @Test func `a disk that is full at the start costs no history`() throws {
        let first = StoreHarness(directory)
        _ = try first.append((1...200).map { .line("\($0)") })
        first.store.close()
        var machine = Machine.quick
        machine.freeBytes = { _ in 0 }
        let store = StoreHarness(directory, machine: machine)
        _ = try store.append([.line("201")])
        #expect(try store.page()?.lines.count == 201)
        #expect(store.store.metrics.limitBytes >= 16 << 20)
    }

    @Test func `half of what is free is the default`() throws {
        var machine = Machine.quick
        machine.freeBytes = { _ in 1 << 40 }
        let store = StoreHarness(directory, machine: machine)
        _ = try store.append([.line("1")])
        let metrics = store.store.metrics
        #expect(metrics.limitBytes >= 1 << 39)
        #expect(metrics.freeBytes == 1 << 40)
        #expect(metrics.usedBytes > 0)
    }

    @Test func `the oldest line of all rooms is told at the next opening`() throws {
        let first = StoreHarness(directory)
        #expect(first.store.metrics.oldestLine == nil)
        _ = try first.append([.line("1"), .line("2", room: try RoomName(1))])
        let said = try #require(try first.page()?.lines.first?.time)
        first.store.close()
        let second = StoreHarness(directory)
        _ = try second.ready()
        #expect(second.store.metrics.oldestLine == said)
    }

    @Test func `a room without lines is forgotten, and no number is used twice`() throws {
        let quiet = try RoomName(1)
        let first = StoreHarness(directory)
        _ = try first.append((1...50).map { .line("\($0)", room: quiet) })
        _ = try first.append((1...20).map { .line("\($0)") })
        first.store.close()
        var machine = Machine.quick
        machine.now = { .start.later(by: 8 * Self.day) }
        let late = Timestamp.start.later(by: 8 * Self.day)
        let store = StoreHarness(
            directory, retention: Retention(days: 7, lines: 0), machine: machine)
        let epoch = try store.ready().epoch
        #expect(try store.follow()?.lastSeq == 20)
        // The clock that lines age by needs some rounds to get there.
        for _ in 0..<10_000 where try knows(quiet) {
            _ = try store.append([.line("a round", room: RoomName(99), at: late)])
        }
        #expect(try !knows(quiet))
        #expect(try knows(.lobby))
        store.store.close()

        let again = StoreHarness(
            directory, retention: Retention(days: 7, lines: 0), machine: machine)
        #expect(try again.ready().epoch == epoch)
        // A client that has seen all of its lines has missed none, and one that hasn't has.
        #expect(try again.follow(quiet) == again.snapshot(lastSeq: 50, oldest: 51))
        #expect(try again.append([.line("a", room: quiet, at: late)]) == [51])
        #expect(try again.page(quiet, from: 51)?.lines.map(\.message) == ["a"])
        // So does a room that never had a line.
        #expect(try again.append([.line("a", room: RoomName(7), at: late)]) == [51])
    }

    @Test func `many small rooms are pruned in few transactions`() throws {
        let first = StoreHarness(directory)
        for start in stride(from: 0, to: 2_000, by: 500) {
            _ = try first.append(
                (start..<start + 500).map { try .line("a", room: RoomName($0)) })
        }
        first.store.close()
        let connection = try DatabaseFile(path: directory.database, log: nil).open()
        defer { try? connection.close() }
        let late = Timestamp.start.later(by: 8 * Self.day)
        var upkeep = Upkeep(retention: Retention(days: 7, lines: 0))
        var (pruned, steps) = (0, 0)
        while upkeep.isDue {
            pruned += try connection.write {
                try upkeep.step($0, rows: Upkeep.slice, now: late, present: late)
            }.count
            steps += 1
        }
        #expect(pruned == 2_000)
        #expect(steps < 70)
        #expect(upkeep.takeForgotten().count == 2_000)
        #expect(try connection.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM room") } == 0)
        #expect(try connection.read { try StoredRoom.floor($0) } == 1)
    }

    @Test func `a room that is followed is not forgotten`() throws {
        let first = StoreHarness(directory)
        _ = try first.append([.line("a")])
        first.store.close()
        let connection = try DatabaseFile(path: directory.database, log: nil).open()
        defer { try? connection.close() }
        let late = Timestamp.start.later(by: 8 * Self.day)
        for followed in [[.lobby], []] as [Set<RoomName>] {
            var upkeep = Upkeep(retention: Retention(days: 7, lines: 0))
            while upkeep.isDue {
                _ = try connection.write {
                    try upkeep.step(
                        $0, rows: Upkeep.slice, now: late, present: late, followed: followed)
                }
            }
            #expect(upkeep.takeForgotten() == (followed.isEmpty ? [.lobby] : []))
        }
    }
}
