import Chat
import Foundation
import GRDB
import Testing

@testable import ChatStore

/// A change takes effect at once, whenever its lines leave the file, and whatever comes between.
@Suite struct ErasingTests {
    /// Some rows of lines to erase, the last of them not full.
    private let count = ErasingRows.slice * 3 + 8
    private let secret = "the text that nobody sees again"
    private let mod = Author(user: "mod", badge: .moderator)
    private let purge: Moderation = {
        var order = PurgeOrder()
        order.from = 1
        return .purge(order)
    }()

    /// A store with lines, and these lines.
    private func filled() throws -> (store: SteppedStore, lines: [Line]) {
        let store = SteppedStore(try TemporaryDirectory())
        store.append(
            (1...count).map { number in
                .line("\(number) \(secret)", by: number % 2 == 0 ? Author(user: "u") : .guest)
            })
        while store.writer.upkeep.isDue { store.turn() }
        return (store, try SteppedStore.exported(store.directory, count))
    }

    private func leaks(_ directory: TemporaryDirectory) throws -> [String] {
        try directory.names(having: secret).filter { $0.hasPrefix(SQLiteStore.fileName) }
    }

    /// The lines that a store with these files gives.
    private func page(_ harness: StoreHarness) throws -> [Line] {
        var lines: [Line] = []
        while lines.count < count {
            let page = try harness.page(from: UInt64(lines.count) + 1, through: UInt64(count))
            lines += try #require(page).lines
        }
        return lines
    }

    /// Lines that are erased in the file.
    private func erased(_ directory: TemporaryDirectory) throws -> Int {
        try directory.edit { db in
            try Int.fetchOne(db, sql: "SELECT count(*) FROM line WHERE gone IS NOT NULL") ?? 0
        }
    }

    @Test func `a kill after any slice shows no deleted line, and undo brings all back`() throws {
        let (store, before) = try filled()
        store.ask(purge, by: mod)
        var moments = 0
        repeat {
            store.turn()
            moments += 1
            #expect(store.answers == [.ordered(rev: 1)])
            #expect(try SteppedStore.exported(store.directory, count).allSatisfy(\.isDeleted))
            for isCut in [false, true] {
                let killed = try store.killed()
                if isCut {
                    // The kill comes when the next slice is stored, and not yet applied.
                    let file = ChangeFile(directory: killed.path)
                    let table = ChangeTable(connection: try file.open(at: Date()))
                    guard let part = try table.nextErasing() else { continue }
                    let texts = before.filter { line in
                        part.lines.contains { $0.seq == Int64(line.seq) }
                    }
                    try table.erases(part, texts, at: .start)
                    try table.connection.close()
                }
                #expect(try SteppedStore.exported(killed, count).allSatisfy(\.isDeleted))
                let next = StoreHarness(killed)
                _ = try next.ready()
                #expect(try page(next).allSatisfy(\.isDeleted))
                #expect(try next.follow()?.changes.first?.purged == before.map(\.seq))
                // What was left is erased.
                next.store.close()
                #expect(try leaks(killed) == [])
                let last = StoreHarness(killed)
                #expect(try last.change(.undo(rev: 1), by: mod, at: .start) == .ordered(rev: 2))
                #expect(try page(last) == before)
            }
        } while store.isBusy
        #expect(moments >= 4)
    }

    @Test func `no turn erases more than a slice, and lines come between`() throws {
        let (store, _) = try filled()
        store.ask(purge, by: mod)
        var (known, said) = (0, 0)
        repeat {
            store.append([.line("on")])
            said += 1
            let answered = store.replies.count {
                if case .answered = $0 { true } else { false }
            }
            #expect(answered == 1 + said)
            let now = try erased(store.directory)
            #expect(now - known <= ErasingRows.slice)
            known = now
        } while store.isBusy
        #expect(known == count && said >= 4)
    }

    @Test(arguments: 0...4)
    func `undo between slices brings all back, and a kill leaves all or nothing`(
        slices: Int
    ) throws {
        let (store, before) = try filled()
        store.ask(purge, by: mod)
        for _ in 0..<slices { store.turn() }
        store.ask(.undo(rev: 1), by: mod)
        while store.isBusy || store.answers.count < 2 {
            store.turn()
            let isUndone = store.answers.count == 2
            let shown = try SteppedStore.exported(store.directory, count)
            let deletes = !store.answers.isEmpty
            #expect(isUndone || !deletes ? shown == before : shown.allSatisfy(\.isDeleted))
            let killed = try store.killed()
            let next = StoreHarness(killed)
            _ = try next.ready()
            #expect(try page(next) == shown)
        }
        #expect(store.answers == [.ordered(rev: 1), .ordered(rev: 2)])
        #expect(try erased(store.directory) == 0)
        // They can be deleted again.
        store.ask(purge, by: mod)
        while store.isBusy || store.answers.count < 3 { store.turn() }
        #expect(try erased(store.directory) == count)
    }

    @Test func `lines that are about to be erased can't be deleted again`() throws {
        let (store, _) = try filled()
        store.ask(purge, by: mod)
        store.ask(purge, by: mod)
        store.ask(.delete(seqs: [1, UInt64(count)]), by: mod)
        store.turn()
        #expect(
            store.answers
                == [.ordered(rev: 1), .refused(.noSuchLine), .refused(.noSuchLine)])
        #expect(store.isBusy)
    }

    @Test func `a long search spares the lines that come meanwhile`() throws {
        let store = SteppedStore(try TemporaryDirectory())
        let many = LineScan.slice * 2 + 1
        store.append(Draft.lines(1...many))
        store.ask(purge, by: mod)
        store.append([.line("later")])
        #expect(store.answers.isEmpty)
        while store.isBusy { store.turn() }
        #expect(store.answers == [.ordered(rev: 1)])
        let lines = try SteppedStore.exported(store.directory, many + 1)
        #expect(lines.filter { !$0.isDeleted }.map(\.message) == ["later"])
        let changes = store.replies.compactMap { reply -> RoomChange? in
            guard case .entries(_, let entries) = reply, case .change(let change)? = entries.first
            else { return nil }
            return change
        }
        #expect(changes.map(\.after) == [UInt64(many) + 1])
    }

    @Test func `a backup between slices has no deleted text`() throws {
        let (store, _) = try filled()
        store.ask(purge, by: mod)
        store.turn()
        #expect(try !leaks(store.directory).isEmpty)
        let other = try TemporaryDirectory()
        let path = other.database
        _ = try Backup.write(store.directory.path, to: path, replacing: false)
        #expect(try other.names(having: secret) == [])
        #expect(try SteppedStore.exported(other, count).allSatisfy(\.isDeleted))
    }

    @Test func `what is deleted after a restore leaves the database that was replaced`() throws {
        let (store, _) = try filled()
        let other = try TemporaryDirectory()
        _ = try Backup.write(store.directory.path, to: other.database, replacing: false)
        let killed = try store.killed()
        _ = try Restore.put(other.database, into: killed.path)
        let next = StoreHarness(killed)
        _ = try next.ready()
        #expect(try killed.names(having: secret).contains { $0.contains("before-restore") })
        #expect(try next.change(purge, by: mod, at: .start) == .ordered(rev: 1))
        while try !leaks(killed).isEmpty { _ = try next.append([.line("on")]) }
    }

    @Test func `a restored backup shows no deleted line, nor does what it replaces`() throws {
        let (store, before) = try filled()
        let other = try TemporaryDirectory()
        let path = other.database
        _ = try Backup.write(store.directory.path, to: path, replacing: false)
        store.ask(purge, by: mod)
        store.turn()
        let killed = try store.killed()
        let report = try Restore.put(path, into: killed.path)
        #expect(report.kept != nil)
        #expect(try SteppedStore.exported(killed, count).allSatisfy(\.isDeleted))
        #expect(try leaks(killed) == [])
        let next = StoreHarness(killed)
        _ = try next.ready()
        #expect(try page(next).allSatisfy(\.isDeleted))
        #expect(try next.change(.undo(rev: 1), by: mod, at: .start) == .ordered(rev: 2))
        #expect(try page(next) == before)
    }
}
