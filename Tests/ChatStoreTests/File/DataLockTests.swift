import Chat
import Foundation
import Testing

@testable import ChatStore

@Suite struct DataLockTests {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    @Test func `a second lock is refused and names the process with the first`() throws {
        let lock = try DataLock(directory: directory.path)
        let own = ProcessInfo.processInfo.processIdentifier
        let refusal = DataLock.Refusal.held(directory: directory.path, by: own)
        #expect(throws: refusal) { try DataLock(directory: directory.path) }
        #expect(refusal.description.contains(directory.path))
        #expect(refusal.description.contains("\(own)"))
        withExtendedLifetime(lock) {}
    }

    @Test func `a released directory is free, whatever is left in it`() throws {
        try Data("123456789\nrubbish".utf8).write(
            to: URL(filePath: "\(directory.path)/\(DataLock.fileName)"))
        for _ in 0..<3 { _ = try DataLock(directory: directory.path) }
    }

    @Test func `the death of its process frees a directory`() throws {
        let lock = "\(directory.path)/\(DataLock.fileName)"
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        // It reports that it has the lock, and then waits for input that never comes.
        process.arguments = ["flock", "--no-fork", lock, "sh", "-c", "echo locked; exec cat"]
        let (input, output) = (Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        #expect(output.fileHandleForReading.availableData == Data("locked\n".utf8))
        #expect(throws: DataLock.Refusal.held(directory: directory.path, by: nil)) {
            try DataLock(directory: directory.path)
        }
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        _ = try DataLock(directory: directory.path)
    }

    @Test func `a missing directory is reported`() throws {
        let path = "\(directory.path)/nowhere"
        let refusal = #expect(throws: DataLock.Refusal.self) { try DataLock(directory: path) }
        #expect(refusal?.description.hasPrefix(path) == true)
    }

    @Test func `the lock opens no symbolic link`() throws {
        let target = "\(directory.path)/target"
        try Data("precious".utf8).write(to: URL(filePath: target))
        let lock = "\(directory.path)/\(DataLock.fileName)"
        try FileManager.default.createSymbolicLink(atPath: lock, withDestinationPath: target)
        #expect(throws: DataLock.Refusal.self) { try DataLock(directory: directory.path) }
        #expect(FileManager.default.contents(atPath: target) == Data("precious".utf8))
    }

    @Test func `a directory that everybody may write is refused`() throws {
        func permit(_ mode: Int) throws {
            try FileManager.default.setAttributes(
                [.posixPermissions: mode], ofItemAtPath: directory.path)
        }
        try permit(0o777)
        let refusal = #expect(throws: DataLock.Refusal.self) {
            try DataLock(directory: directory.path)
        }
        #expect(refusal?.description.contains("everybody may write") == true)
        for mode in [0o750, 0o1777] {
            try permit(mode)
            _ = try DataLock(directory: directory.path)
        }
    }

    @Test func `nobody else may read any file`() throws {
        let lock = try DataLock(directory: directory.path)
        try Data().write(to: URL(filePath: directory.database))
        let store = StoreHarness(directory)
        _ = try store.append([.line("a")])
        let names = try directory.names
        #expect(names.count == 5)
        for name in names {
            let attributes = try FileManager.default.attributesOfItem(
                atPath: "\(directory.path)/\(name)")
            #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600, "\(name)")
        }
        withExtendedLifetime(lock) {}
    }
}
