import Foundation
import Testing

@testable import ChatStore

@Suite("One process uses a directory")
struct DataLockTests {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    @Test("A second lock is refused, and names who has the first one")
    func second() throws {
        let lock = try DataLock(directory: directory.path)
        let own = ProcessInfo.processInfo.processIdentifier
        let refusal = DataLock.Refusal.held(directory: directory.path, by: own)
        #expect(throws: refusal) { try DataLock(directory: directory.path) }
        #expect(refusal.description.contains(directory.path))
        #expect(refusal.description.contains("\(own)"))
        withExtendedLifetime(lock) {}
    }

    @Test("What is gone is free, whatever it left")
    func released() throws {
        try Data("123456789\nrubbish".utf8).write(
            to: URL(filePath: "\(directory.path)/\(DataLock.fileName)"))
        for _ in 0..<3 { _ = try DataLock(directory: directory.path) }
    }

    @Test("The death of its process frees it")
    func killed() throws {
        let lock = "\(directory.path)/\(DataLock.fileName)"
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        // It says that it has the lock, and then waits for input that never comes.
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

    @Test("A directory that isn't there is said so")
    func missing() throws {
        let path = "\(directory.path)/nowhere"
        let refusal = #expect(throws: DataLock.Refusal.self) { try DataLock(directory: path) }
        #expect(refusal?.description.hasPrefix(path) == true)
    }
}
