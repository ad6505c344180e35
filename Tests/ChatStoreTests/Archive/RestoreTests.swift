import Chat
import Foundation
import GRDB
import Testing

@testable import ChatStore

@Suite struct RestoreTests {
    let directory: TemporaryDirectory
    let other: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        other = try TemporaryDirectory()
    }

    private var file: String { "\(other.path)/copy.db" }

    /// Stores three lines, copies them, and stores two more, and one in another room. Returns the
    /// epoch.
    private func live() throws -> Epoch {
        let store = StoreHarness(directory)
        let epoch = try store.ready().epoch
        _ = try store.append(Draft.lines(1...3))
        _ = try Backup.write(directory.path, to: file, replacing: false)
        _ = try store.append(Draft.lines(4...5) + [.line("a", room: RoomName(1))])
        store.store.close()
        return epoch
    }

    @Test func `an epoch begins behind the numbers that were lost`() throws {
        let first = try live()
        let report = try Restore.put(file, into: directory.path)
        #expect((report.rooms, report.lines) == (1, 3))
        let store = StoreHarness(directory)
        #expect(try store.ready().epoch.text == report.epoch)
        #expect(report.epoch != first.text)
        // The first epoch ends with the last line that anybody saw of it. Two of them are gone.
        let ends = [EpochEnd(epoch: first, seq: 5)]
        #expect(try store.follow() == store.snapshot(lastSeq: 5, oldest: 1, ends: ends))
        #expect(try store.page(from: 1, through: 5)?.lines.map(\.message) == ["1", "2", "3"])
        #expect(try store.append([.line("6"), .line("b", room: RoomName(1))]) == [6, 2])
        store.store.close()
        // Only one epoch begins.
        #expect(try StoreHarness(directory).ready().epoch.text == report.epoch)
    }

    @Test func `the database that was in use is kept, and can be restored in turn`() throws {
        _ = try live()
        let kept = try #require(try Restore.put(file, into: directory.path).kept)
        #expect(kept.hasPrefix("\(directory.database).before-restore-"))
        let report = try Restore.put(kept, into: directory.path)
        #expect((report.rooms, report.lines) == (2, 6))
        let store = StoreHarness(directory)
        #expect(try store.append([.line("6")]) == [6])
        let copies = try directory.names.filter { $0.contains("before-restore") }
        #expect(copies.count == 2)
        #expect(try directory.names.allSatisfy { !$0.contains("partial") })
    }

    @Test func `lines of a killed daemon count for the numbers, and are kept`() throws {
        let store = StoreHarness(directory)
        _ = try store.ready()
        _ = try store.append(Draft.lines(1...3))
        _ = try Backup.write(directory.path, to: file, replacing: false)
        _ = try store.append(Draft.lines(4...5))
        // What a kill leaves: the last lines are only in the WAL.
        let killed = try TemporaryDirectory()
        try directory.copy(to: killed)
        let kept = try #require(try Restore.put(file, into: killed.path).kept)
        #expect(try killed.names.allSatisfy { !$0.hasSuffix("-wal") && !$0.hasSuffix("-shm") })
        let lines = try StoredDatabase.open(copy: kept).read { db in
            try Int.fetchOne(db, sql: "SELECT count(*) FROM line")
        }
        #expect(lines == 5)
        #expect(try StoreHarness(killed).append([.line("6")]) == [6])
    }

    @Test func `without another database the numbers go on behind those of the copy`() throws {
        let first = try live()
        let empty = try TemporaryDirectory()
        #expect(try Restore.put(file, into: empty.path).kept == nil)
        let store = StoreHarness(empty)
        #expect(try store.ready().epoch != first)
        let ends = [EpochEnd(epoch: first, seq: 3)]
        #expect(try store.follow() == store.snapshot(lastSeq: 3, oldest: 1, ends: ends))
        #expect(try store.append([.line("4")]) == [4])
    }

    @Test func `a restore that ends before its stamp begins an epoch, too`() throws {
        let first = try live()
        let stamp = URL(filePath: directory.database + "-stamp")
        let old = try Data(contentsOf: stamp)
        let report = try Restore.put(file, into: directory.path)
        try old.write(to: stamp)
        let next = try StoreHarness(directory).ready().epoch
        #expect(next != first && next.text != report.epoch)
    }

    @Test func `a damaged database can be replaced, and is kept`() throws {
        _ = try live()
        try Data("no database".utf8).write(to: URL(filePath: directory.database))
        try Data("nor its log".utf8).write(to: URL(filePath: directory.database + "-wal"))
        let kept = try #require(try Restore.put(file, into: directory.path).kept)
        #expect(try String(contentsOfFile: kept, encoding: .utf8) == "no database")
        #expect(try String(contentsOfFile: kept + "-wal", encoding: .utf8) == "nor its log")
        #expect(try StoreHarness(directory).append([.line("4")]) == [4])
    }

    @Test(arguments: ["missing", "text", "damaged", "other", "newer"])
    func `a file that isn't fit changes nothing`(what: String) throws {
        _ = try live()
        let address = URL(filePath: file)
        switch what {
        case "missing": try FileManager.default.removeItem(at: address)
        case "text": try Data("text".utf8).write(to: address)
        case "damaged":
            let handle = try FileHandle(forUpdating: address)
            try handle.truncate(atOffset: handle.seekToEnd() - 4_096)
            try handle.close()
        case "other": try edit("PRAGMA application_id = 1")
        default: try edit("INSERT INTO grdb_migrations VALUES ('999')")
        }
        let before = try names()
        let fault = try #require(throws: ArchiveFault.self) {
            try Restore.put(file, into: directory.path)
        }
        #expect(fault.kind == (what == "missing" ? .missing : .unusable), "\(fault)")
        #expect(fault.description.contains(file))
        #expect(try names() == before)
        #expect(try StoreHarness(directory).append([.line("6")]) == [6])
    }

    @Test(.enabled(if: SmallDisk.canBeHad))
    func `a full disk changes nothing`() throws {
        let large = StoreHarness(directory)
        _ = try large.append((1...400).map { _ in .line(String(repeating: "x", count: 5_000)) })
        _ = try Backup.write(directory.path, to: file, replacing: false)
        let disk = try SmallDisk()
        let first = StoreHarness(disk.directory)
        let epoch = try first.ready().epoch
        _ = try first.append(Draft.lines(1...3))
        first.store.close()
        let before = try disk.directory.names
        let fault = try #require(throws: ArchiveFault.self) {
            try Restore.put(file, into: disk.directory.path)
        }
        #expect(fault.kind == .failing && fault.description.contains("no space left"))
        #expect(try disk.directory.names == before)
        let next = StoreHarness(disk.directory)
        #expect(try next.ready().epoch == epoch)
        #expect(try next.append([.line("4")]) == [4])
    }

    private func edit(_ sql: String) throws {
        let queue = try DatabaseQueue(path: file)
        try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
        try queue.close()
    }

    private func names() throws -> [String] {
        try directory.names.filter { !$0.hasSuffix("-wal") && !$0.hasSuffix("-shm") }
    }
}
