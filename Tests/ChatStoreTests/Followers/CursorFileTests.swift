import Chat
import Foundation
import Logging
import Testing

@testable import ChatStore

@Suite struct CursorFileTests {
    private let log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    @Test func `places outlive the process`() throws {
        let directory = try TemporaryDirectory()
        let file = try CursorFile(directory: directory.path, log: log)
        #expect(try file.state(of: "app") == nil)
        try file.save(FollowerState(), of: "app")
        #expect(try file.state(of: "app") == FollowerState())
        try file.save(
            FollowerState(
                epoch: "e1",
                cursors: [
                    .lobby: RoomCursor(seq: 4, rev: 1), .everywhere: RoomCursor(seq: 0, rev: 7),
                ], failingSince: Timestamp(milliseconds: 5)), of: "app")
        try file.save(
            FollowerState(epoch: "e2", cursors: [.lobby: RoomCursor(seq: 9, rev: 1)]), of: "app")
        try file.save(FollowerState(epoch: "e2"), of: "other")
        file.close()
        let again = try CursorFile(directory: directory.path, log: log)
        let expected = FollowerState(
            epoch: "e2",
            cursors: [.lobby: RoomCursor(seq: 9, rev: 1), .everywhere: RoomCursor(rev: 7)])
        #expect(try again.state(of: "app") == expected)
        try again.forget(allBut: ["other"])
        #expect(try again.state(of: "app") == nil)
        #expect(try again.state(of: "other") == FollowerState(epoch: "e2"))
    }

    @Test func `a corrupt file is kept under another name`() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/" + CursorFile.fileName
        try Data(repeating: 7, count: 9_000).write(to: URL(filePath: path))
        let file = try CursorFile(directory: directory.path, log: log)
        #expect(try file.state(of: "app") == nil)
        let names = try FileManager.default.contentsOfDirectory(atPath: directory.path)
        #expect(names.contains { $0.hasPrefix(CursorFile.fileName + "-corrupt-") })
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
        #expect((mode as? NSNumber)?.intValue == 0o600)
    }
}
