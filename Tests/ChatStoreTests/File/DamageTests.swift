import Chat
import Foundation
import GRDB
import Testing

@testable import ChatStore

/// A page of the file is damaged.
@Suite struct DamageTests {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func fill() throws -> Epoch {
        let store = StoreHarness(directory)
        let epoch = try store.ready().epoch
        _ = try store.append(Draft.lines(1...20_000))
        _ = try store.append([.line("a", room: RoomName(1))])
        store.store.close()
        return epoch
    }

    private func overwrite(page: UInt64) throws {
        let file = try FileHandle(forUpdating: URL(filePath: directory.database))
        try file.seek(toOffset: (page - 1) * 4_096)
        try file.write(contentsOf: Data(repeating: 0xA5, count: 4_096))
        try file.close()
    }

    private func page(of table: String) throws -> UInt64 {
        let sql = "SELECT rootpage FROM sqlite_schema WHERE name = ?"
        return try #require(
            try directory.edit { try UInt64.fetchOne($0, sql: sql, arguments: [table]) })
    }

    /// The numbers of all lines of the lobby.
    private func numbers(_ store: StoreHarness) throws -> [UInt64] {
        let last = try #require(try store.follow()).lastSeq
        var (numbers, next): ([UInt64], UInt64) = ([], 1)
        while next <= last {
            let page = try #require(try store.page(from: next))
            numbers += page.lines.map(\.seq)
            next = page.through + 1
        }
        return numbers
    }

    private func expectTakenOver(_ store: StoreHarness, not epoch: Epoch) throws {
        let other = try RoomName(1)
        #expect(try store.append([.line("new"), .line("b", room: other)]) == [20_001, 2])
        let numbers = try numbers(store)
        // A page has some hundred short lines.
        #expect(20_001 - 400...20_000 ~= numbers.count)
        #expect(numbers.last == 20_001)
        #expect(try store.follow(other)?.epoch != epoch)
        #expect(!store.store.metrics.isFailing)
        let kept = try directory.names.filter { $0.contains(".corrupt-") }
        #expect(kept.count { !$0.hasSuffix("-wal") && !$0.hasSuffix("-shm") } == 1)
    }

    @Test func `damage met by a reader begins a fresh file with all other lines`() throws {
        let epoch = try fill()
        try overwrite(page: 40)
        let store = StoreHarness(directory)
        #expect(try store.ready().epoch == epoch)
        for from in stride(from: 1, to: 20_000, by: 256) as StrideTo<UInt64> {
            if try store.page(from: from) == nil { break }
        }
        #expect(try store.ready().epoch != epoch)
        try expectTakenOver(store, not: epoch)
    }

    @Test func `damage met by a writer loses no line that is on its way`() throws {
        let epoch = try fill()
        let page = try page(of: "send")
        let store = StoreHarness(directory)
        #expect(try store.ready().epoch == epoch)
        store.store.close()
        try overwrite(page: page)
        let next = StoreHarness(directory)
        _ = try next.ready()
        #expect(try next.append([.line("new", key: "k")]) == [20_001])
        #expect(try numbers(next).count == 20_001)
    }

    @Test func `rooms that can't be read go on as far as their numbers are known`() throws {
        let epoch = try fill()
        let page = try page(of: "room")
        let store = StoreHarness(directory)
        #expect(try store.append([.line("20001")]) == [20_001])
        try directory.edit { try $0.checkpoint(.truncate) }
        try overwrite(page: page)
        #expect(try store.append([.line("20002")]) == [20_002])
        #expect(try store.follow()?.epoch != epoch)
        #expect(try numbers(store).count == 20_002)
    }

    @Test func `damage found at the start takes over what can be read`() throws {
        let epoch = try fill()
        try directory.edit { try $0.execute(sql: "UPDATE run SET clean = 0") }
        try overwrite(page: 40)
        var machine = Machine.quick
        machine.bootID = { "second" }
        let store = StoreHarness(directory, machine: machine)
        try expectTakenOver(store, not: epoch)
        store.store.close()
        #expect(try numbers(StoreHarness(directory)).count > 19_000)
    }
}
