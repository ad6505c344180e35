import Chat
import Foundation
import GRDB
import Testing

@testable import ChatStore

/// Deleted lines can be brought back for a while, and are in no file afterwards.
@Suite struct UndoTests {
    private let secret = "the text that comes back"
    private let mod = Author(user: "mod", badge: .moderator)

    private func ask(
        _ wanted: Moderation, _ harness: StoreHarness, at time: Timestamp = .start
    ) throws -> ChangeAnswer {
        try harness.change(wanted, by: mod, at: time)
    }

    private func leaks(_ directory: TemporaryDirectory) throws -> [String] {
        try directory.names(having: secret)
    }

    private func lines(_ count: Int) -> [Draft] {
        (1...count).map { number in
            .line("\(number) \(secret)", by: number % 2 == 0 ? Author(user: "u") : .guest)
        }
    }

    @Test func `purged lines come back byte for byte, after a restart too`() throws {
        let directory = try TemporaryDirectory()
        let before: RoomPage
        do {
            let harness = StoreHarness(directory)
            _ = try harness.ready()
            _ = try harness.append(lines(40))
            before = try #require(try harness.page(from: 1, through: 40))
            var order = PurgeOrder()
            order.users = ["u"]
            #expect(try ask(.purge(order), harness) == .ordered(rev: 1))
            let page = try #require(try harness.page(from: 1, through: 40))
            #expect(page.lines.filter(\.isDeleted).map(\.seq) == (1...20).map { $0 * 2 })
        }
        let harness = StoreHarness(directory)
        _ = try harness.ready()
        #expect(try harness.follow()?.changes.first?.purged == (1...20).map { $0 * 2 })
        #expect(try ask(.undo(rev: 1), harness) == .ordered(rev: 2))
        #expect(try harness.page(from: 1, through: 40) == before)
        #expect(try ask(.undo(rev: 1), harness) == .refused(.nothingToUndo))
        let changes = try #require(try harness.follow()?.changes)
        guard case .restored(let restored) = changes.last?.kind else {
            Issue.record("\(changes)")
            return
        }
        #expect(restored.of == 1 && restored.seqs == (1...20).map { $0 * 2 })
    }

    @Test func `after the time for undo no file has the text`() throws {
        let directory = try TemporaryDirectory()
        let harness = StoreHarness(directory)
        _ = try harness.ready()
        _ = try harness.append(lines(40))
        var order = PurgeOrder()
        order.from = 1
        // It was made a moment before the time for undo ended.
        let time = Timestamp.start.later(by: -600_000 + 50)
        #expect(try ask(.purge(order), harness, at: time) == .ordered(rev: 1))
        while try !leaks(directory).contains(where: { $0.hasPrefix("moderation.db") }) {
            _ = try harness.append([.line("on")])
        }
        #expect(
            try ask(.undo(rev: 1), harness, at: .start.later(by: 50)) == .refused(.undoExpired))
        harness.store.close()
        // The next start finds that the time is over.
        let later = Machine(
            bootID: { "first" }, now: { .start.later(by: 60) },
            openingInterval: .milliseconds(5), probeInterval: .milliseconds(5),
            upkeepInterval: .milliseconds(5))
        let next = StoreHarness(directory, machine: later)
        _ = try next.ready()
        while try !leaks(directory).isEmpty { _ = try next.append([.line("on")]) }
    }

    @Test(arguments: [0, 1] as [UInt64])
    func `lines that aren't stored come back only in their room's epoch`(prior: UInt64) throws {
        let directory = try TemporaryDirectory()
        let file = ChangeFile(path: "\(directory.path)/\(ChangeFile.fileName)", log: nil)
        let table = ChangeTable(connection: try file.open(at: Date()), undoPeriod: 600_000)
        var request = ChangeRequest(
            id: 0, room: .lobby, wanted: .delete(seqs: [1]), by: mod, key: nil, time: .start)
        request.evidence = ChangeRequest.Evidence()
        request.evidence?.lines = [
            Line(seq: 1, time: .start, username: "ann", message: secret)
        ]
        #expect(try table.make(request, isKept: false).goneLines == [1])
        request = ChangeRequest(
            id: 1, room: .lobby, wanted: .undo(rev: 1), by: mod, key: nil, time: .start)
        request.evidence = ChangeRequest.Evidence()
        request.evidence?.priorRev = prior
        guard case .restored(let restored) = try table.make(request, isKept: false).kind else {
            Issue.record("nothing is back")
            return
        }
        #expect(restored.lines.map(\.message) == (prior == 0 ? [secret] : []))
        try table.connection.close()
    }

    @Test func `a crash between the two files leaves the lines restored`() throws {
        let directory = try TemporaryDirectory()
        let before: RoomPage
        do {
            let harness = StoreHarness(directory)
            _ = try harness.ready()
            _ = try harness.append(lines(4))
            before = try #require(try harness.page(from: 1, through: 4))
            #expect(try ask(.delete(seqs: [2, 3]), harness) == .ordered(rev: 1))
        }
        // The change is stored, and then the power is gone.
        let file = ChangeFile(path: "\(directory.path)/\(ChangeFile.fileName)", log: nil)
        let table = ChangeTable(connection: try file.open(at: Date()), undoPeriod: 600_000)
        let change = try table.make(
            ChangeRequest(
                id: 0, room: .lobby, wanted: .undo(rev: 1), by: mod, key: nil, time: .start),
            isKept: true)
        #expect(change.rev == 2)
        try table.connection.close()
        let harness = StoreHarness(directory)
        _ = try harness.ready()
        #expect(try harness.page(from: 1, through: 4) == before)
    }
}
