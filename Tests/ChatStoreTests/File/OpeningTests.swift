import Chat
import Foundation
import GRDB
import Testing

@testable import ChatStore

@Suite struct OpeningTests {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func store(_ lines: ClosedRange<Int>) throws -> Epoch {
        let store = StoreHarness(directory)
        let epoch = try store.ready().epoch
        _ = try store.append(Draft.lines(lines))
        #expect(store.store.close())
        return epoch
    }

    private func overwrite(from offset: UInt64, count: Int) throws {
        let file = try FileHandle(forUpdating: URL(filePath: directory.database))
        try file.seek(toOffset: offset)
        try file.write(contentsOf: Data(repeating: 0xA5, count: count))
        try file.close()
    }

    @Test func `after a restart the lines, the epoch and the numbers are the same`() throws {
        let epoch = try store(1...3)
        let store = StoreHarness(directory)
        #expect(try store.ready() == OrdererOpening(epoch: epoch, sends: []))
        #expect(try store.append([.line("4")]) == [4])
        #expect(try store.page()?.lines.map(\.message) == ["1", "2", "3", "4"])
    }

    @Test func `the death of the process loses no answered line and no epoch`() throws {
        let store = StoreHarness(directory)
        let epoch = try store.ready().epoch
        #expect(try store.append([.line("1", key: "a"), .line("2")]) == [1, 2])
        // The files are now as the death of the process would have left them.
        let copy = try TemporaryDirectory()
        try directory.copy(to: copy)
        let next = StoreHarness(copy)
        let opening = try next.ready()
        #expect(opening.epoch == epoch)
        #expect(opening.sends.map(\.seq) == [1])
        #expect(try next.append([.line("3")]) == [3])
        #expect(try next.page()?.lines.map(\.message) == ["1", "2", "3"])
        #expect(try next.follow() == next.snapshot(lastSeq: 3, oldest: 1))
    }

    @Test func `a check after the death of the machine is told`() throws {
        let store = StoreHarness(directory)
        _ = try store.append(Draft.lines(1...3))
        let copy = try TemporaryDirectory()
        try directory.copy(to: copy)
        var machine = Machine.quick
        machine.bootID = { "another" }
        let next = StoreHarness(copy, machine: machine)
        _ = try next.ready()
        #expect(next.replies.first == .checking)
        #expect(next.store.close())
        // After a clean end, nothing is checked.
        let last = StoreHarness(copy, machine: machine)
        _ = try last.ready()
        #expect(!last.replies.contains(.checking))
    }

    @Test func `a second close returns at once, and an unused store closes`() throws {
        let store = StoreHarness(directory)
        #expect(store.store.close())
        #expect(store.store.close())
    }

    @Test func `closing finishes all submissions`() throws {
        let store = StoreHarness(directory)
        for number in 1...100 { store.submit([.line("\(number)")]) }
        #expect(store.store.close())
        for number in 1...100 as ClosedRange<UInt64> {
            #expect(try store.answers() == [.ordered(seq: number, time: .start)])
        }
        #expect(try StoreHarness(directory).follow()?.lastSeq == 100)
    }

    @Test func `a file that isn't a database is kept under another name`() throws {
        let text = Data(String(repeating: "This is a letter.\n", count: 1_000).utf8)
        try text.write(to: URL(filePath: directory.database))
        let store = StoreHarness(directory)
        _ = try store.ready()
        #expect(try store.append([.line("a")]) == [1])
        store.store.close()
        let kept = try directory.names.filter { $0.contains(".corrupt-") }
        #expect(kept.count == 1)
        for name in kept { #expect(contents(of: name) == text) }
    }

    @Test func `SQLite's files move with the database, and no name is used twice`() throws {
        let file = DatabaseFile(path: directory.database, log: nil)
        for number in 1...3 {
            for suffix in ["", "-wal", "-shm"] {
                let text = Data("\(number)\(suffix)".utf8)
                try text.write(to: URL(filePath: directory.database + suffix))
            }
            try file.setAside(because: Fault(.corrupt, "torn"), at: Date(timeIntervalSince1970: 0))
        }
        let name = "\(SQLiteStore.fileName).corrupt-19700101T000000Z"
        for (number, name) in [(1, name), (2, "\(name)-2"), (3, "\(name)-3")] {
            for suffix in ["", "-wal", "-shm"] {
                #expect(contents(of: name + suffix) == Data("\(number)\(suffix)".utf8))
            }
        }
        #expect(try directory.names.count == 9)
    }

    private func contents(of name: String) -> Data? {
        FileManager.default.contents(atPath: "\(directory.path)/\(name)")
    }

    @Test func `a file that was set aside is never overwritten`() throws {
        for number in 1...4 {
            let text = Data(String(repeating: "letter \(number)\n", count: 1_000).utf8)
            try text.write(to: URL(filePath: directory.database))
            let store = StoreHarness(directory)
            _ = try store.ready()
            store.store.close()
        }
        let kept = try directory.names.filter { $0.contains(".corrupt-") }
        #expect(Set(kept.map(contents)).count == 4)
    }

    @Test func `the file is checked only after the death of the machine`() throws {
        let epoch = try store(1...20_000)
        try overwrite(from: 204_800, count: 8_192)
        var machine = Machine.quick
        // Closed cleanly: no check is made.
        let clean = StoreHarness(directory, machine: machine)
        #expect(try clean.ready().epoch == epoch)
        clean.store.close()
        try directory.edit { try $0.execute(sql: "UPDATE run SET clean = 0") }
        let killed = StoreHarness(directory, machine: machine)
        #expect(try killed.ready().epoch == epoch)
        killed.store.close()
        try directory.edit { try $0.execute(sql: "UPDATE run SET clean = 0") }

        machine.bootID = { "second" }
        let store = StoreHarness(directory, machine: machine)
        #expect(try store.ready().epoch != epoch)
        #expect(try store.follow()?.lastSeq == 20_000)
        #expect(try directory.names.contains { $0.contains(".corrupt-") })
    }

    @Test func `a database of a newer version is left alone`() throws {
        _ = try store(1...3)
        try directory.edit { db in
            try db.execute(sql: "INSERT INTO grdb_migrations VALUES ('next')")
            try db.checkpoint(.truncate)
        }
        try expectRefusal("newer")
    }

    @Test func `another program's database is left alone`() throws {
        try directory.edit { try $0.execute(sql: "CREATE TABLE stamps (id INTEGER PRIMARY KEY)") }
        try expectRefusal("not a database of Hubbub")
    }

    private func expectRefusal(_ words: String) throws {
        let before = FileManager.default.contents(atPath: directory.database)
        let store = StoreHarness(directory)
        let reason = try store.failing()
        #expect(reason.contains(words))
        #expect(reason.contains(directory.database))
        #expect(try store.append([.line("a")]) == nil)
        #expect(try store.follow() == nil)
        #expect(try store.page() == nil)
        store.store.close()
        #expect(FileManager.default.contents(atPath: directory.database) == before)
        let isStamp: (String) -> Bool = { $0.hasSuffix("-stamp") }
        #expect(try directory.names.filter { !isStamp($0) } == [SQLiteStore.fileName])
    }

    @Test func `a missing directory makes the store fail until it exists`() throws {
        try FileManager.default.removeItem(atPath: directory.path)
        let store = StoreHarness(directory)
        store.submit([.line("a")])
        store.store.submit(.follow(.lobby))
        store.store.submit(.read(.lobby, from: 1, through: 2))
        #expect(try store.failing().contains(directory.database))
        // These three may be answered in any order.
        var awaited: [OrdererReply] = [
            .answered([.failed]), .followFailed(.lobby), .readFailed(.lobby, from: 1),
        ]
        while !awaited.isEmpty {
            let reply = try store.next()
            awaited.removeAll { $0 == reply }
        }
        #expect(try store.page() == nil)
        try FileManager.default.createDirectory(
            atPath: directory.path, withIntermediateDirectories: true)
        _ = try store.ready()
        #expect(try store.append([.line("a")]) == [1])
        #expect(try store.page()?.lines.count == 1)
    }
}
