import Chat
import Foundation
import GRDB
import Testing

@testable import ChatStore

@Suite struct BackupTests {
    private struct Endless: Error {}

    let directory: TemporaryDirectory
    let other: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        other = try TemporaryDirectory()
    }

    private var file: String { "\(other.path)/copy.db" }

    private func lines(in path: String) throws -> [String] {
        let connection = try StoredDatabase.open(copy: path)
        return try connection.read { db in
            try String.fetchAll(db, sql: "SELECT message FROM line ORDER BY room, seq")
        }
    }

    private func fault(_ body: () throws -> Void) throws -> ArchiveFault {
        try #require(throws: ArchiveFault.self, performing: body)
    }

    @Test func `a copy has what was stored until then, and is a single private file`() throws {
        let store = StoreHarness(directory)
        _ = try store.append(Draft.lines(1...3))
        let report = try Backup.write(directory.path, to: file, replacing: false)
        _ = try store.append(Draft.lines(4...5))
        #expect((report.rooms, report.lines) == (1, 3))
        #expect(try lines(in: file) == ["1", "2", "3"])
        #expect(try other.names == ["copy.db"])
        let attributes = try FileManager.default.attributesOfItem(atPath: file)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(attributes[.size] as? Int == report.bytes)
    }

    @Test func `a copy ends although lines are stored between all of its steps`() throws {
        let store = StoreHarness(directory)
        let long = String(repeating: "x", count: 10_000)
        _ = try store.append((1...500).map { _ in .line(long) })
        let copy = try FreshFile(file, replacing: false)
        var steps = 0
        try DatabaseCopy.copy(StoredDatabase.open(directory.path), into: copy) {
            steps += 1
            // It begins again if it sees another state: about five steps are enough.
            guard steps < 50 else { throw Endless() }
            _ = try store.append([.line("later")])
        }
        #expect(steps > 3)
        #expect(try DatabaseCopy.finish(copy.temporary).lines == 500)
    }

    @Test func `a file that is there is replaced only if that is wanted`() throws {
        let store = StoreHarness(directory)
        _ = try store.append(Draft.lines(1...1))
        _ = FileManager.default.createFile(atPath: file, contents: Data("mine".utf8))
        let fault = try fault {
            _ = try Backup.write(directory.path, to: file, replacing: false)
        }
        #expect(fault.kind == .uncreatable && fault.description.contains("--force"))
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "mine")
        _ = try Backup.write(directory.path, to: file, replacing: true)
        #expect(try lines(in: file) == ["1"])
    }

    @Test(arguments: [
        "hubbub.db", "hubbub.db-wal", "hubbub.db-stamp", "moderation.db", "lock", "../x/hubbub.db",
    ])
    func `a file of the daemon is never written`(name: String) throws {
        let store = StoreHarness(directory)
        _ = try store.append(Draft.lines(1...1))
        let name = name.replacing(
            "../x", with: "../\(URL(filePath: directory.path).lastPathComponent)")
        let fault = try fault {
            _ = try Backup.write(
                directory.path, to: "\(directory.path)/\(name)", replacing: true)
        }
        #expect(fault.description.contains("data directory"))
        #expect(try store.append([.line("2")]) == [2])
    }

    @Test func `what a killed backup has left is used again`() throws {
        let store = StoreHarness(directory)
        _ = try store.append(Draft.lines(1...1))
        for suffix in ["", "-wal", "-shm", "-journal"] {
            _ = FileManager.default.createFile(
                atPath: "\(file).partial\(suffix)", contents: Data("rubbish".utf8))
        }
        _ = try Backup.write(directory.path, to: file, replacing: false)
        #expect(try other.names == ["copy.db"])
        #expect(try lines(in: file) == ["1"])
    }

    @Test func `two backups don't write one file`() throws {
        let store = StoreHarness(directory)
        _ = try store.append(Draft.lines(1...1))
        let first = try FreshFile(file, replacing: false)
        let fault = try fault {
            _ = try Backup.write(directory.path, to: file, replacing: false)
        }
        #expect(fault.kind == .busy)
        try first.publish()
        #expect(try other.names == ["copy.db"])
    }

    @Test func `a database that can't be copied is named with the reason`() throws {
        #expect(
            try fault { _ = try Backup.write("/nowhere", to: file, replacing: false) }.kind
                == .missing)
        #expect(
            try fault { _ = try Backup.write(other.path, to: file, replacing: false) }.kind
                == .missing)
        try Data("no database, but long enough".utf8).write(to: URL(filePath: directory.database))
        let odd = try fault { _ = try Backup.write(directory.path, to: file, replacing: false) }
        #expect(odd.kind == .unusable && odd.description.contains("not a database"))
        #expect(try other.names == [])
    }

    @Test func `a damaged database leaves no copy`() throws {
        let store = StoreHarness(directory)
        _ = try store.append((1...100).map { _ in .line(String(repeating: "x", count: 5_000)) })
        store.store.close()
        try directory.damage()
        let fault = try fault { _ = try Backup.write(directory.path, to: file, replacing: false) }
        #expect(fault.kind == .unusable)
        #expect(fault.description.contains(directory.database))
        #expect(try other.names == [])
    }

    @Test(.enabled(if: SmallDisk.canBeHad))
    func `a full disk leaves no copy`() throws {
        let store = StoreHarness(directory)
        _ = try store.append((1...400).map { _ in .line(String(repeating: "x", count: 5_000)) })
        let disk = try SmallDisk()
        let fault = try fault {
            _ = try Backup.write(
                directory.path, to: "\(disk.directory.path)/copy.db", replacing: false)
        }
        #expect(fault.kind == .failing && fault.description.contains("no space left"))
        #expect(try disk.directory.names == [])
    }
}
