import Chat
import Foundation
import GRDB
import Testing

@testable import ChatStore

@Suite struct LineImportTests {
    private struct Stop: Error {}

    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func store(_ groups: [[Draft]]) throws -> LineImport.Report {
        var rest = groups[...]
        return try LineImport.store(into: directory.path) { rest.popFirst() }
    }

    @Test func `lines get the next numbers of their rooms, in the same epoch`() throws {
        let first = StoreHarness(directory)
        let epoch = try first.ready().epoch
        _ = try first.append(Draft.lines(1...2))
        first.store.close()
        let room = try RoomName(1)
        let report = try store([[.line("3"), .line("a", room: room)], [.line("4")]])
        #expect(report == LineImport.Report(rooms: 2, lines: 3, disordered: 0))
        let next = StoreHarness(directory)
        #expect(try next.ready().epoch == epoch)
        #expect(try next.follow() == next.snapshot(lastSeq: 4, oldest: 1))
        #expect(try next.page(from: 1, through: 4)?.lines.map(\.message) == ["1", "2", "3", "4"])
        #expect(try next.append([.line("5"), .line("b", room: room)]) == [5, 2])
    }

    @Test func `if one can't be read, none is stored`() throws {
        _ = try store([Draft.lines(1...2)])
        var count = 0
        #expect(throws: Stop.self) {
            try LineImport.store(into: directory.path) {
                count += 1
                guard count < 3 else { throw Stop() }
                return Draft.lines(3...100)
            }
        }
        let next = StoreHarness(directory)
        #expect(try next.append([.line("3")]) == [3])
        #expect(try next.page(from: 1, through: 3)?.lines.count == 3)
    }

    @Test func `the rows count the bytes of imported lines`() throws {
        _ = try store([Draft.lines(1...50), Draft.lines(51...60)])
        try directory.edit { db in
            let (counted, stored) = (
                try Int.fetchOne(db, sql: "SELECT bytes FROM room"),
                try Int.fetchOne(db, sql: "SELECT sum(\(Upkeep.bytesOfLine)) FROM line")
            )
            #expect(counted == stored)
        }
    }

    @Test func `rooms whose times go back are counted`() throws {
        let late = Timestamp(milliseconds: Timestamp.start.milliseconds + 1)
        _ = try store([[.line("1", at: late)]])
        #expect(try store([[.line("2")], [.line("3")]]).disordered == 1)
    }

    @Test(.enabled(if: SmallDisk.canBeHad))
    func `a full disk stores none`() throws {
        let disk = try SmallDisk()
        let long = (1...400).map { _ in Draft.line(String(repeating: "x", count: 5_000)) }
        var groups = [Draft.lines(1...2), long][...]
        let fault = try #require(throws: ArchiveFault.self) {
            try LineImport.store(into: disk.directory.path) { groups.popFirst() }
        }
        #expect(fault.kind == .failing && fault.description.contains("no space left"))
        let next = StoreHarness(disk.directory)
        #expect(try next.append([.line("1")]) == [1])
    }
}
