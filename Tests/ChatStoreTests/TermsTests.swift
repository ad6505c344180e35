import Chat
import Foundation
import GRDB
import Testing

@testable import ChatStore

/// Terms are kept with the changes.
@Suite struct TermsTests {
    private let mod = Author(user: "mod", badge: .moderator)

    private func change(
        _ harness: StoreHarness, adding added: [Term] = [], removing removed: [String] = [],
        key: String? = nil
    ) throws -> ChangeAnswer {
        try harness.change(
            .terms(TermsOrder(adding: added, removing: removed)), by: mod, key: key, at: .start)
    }

    private func terms(of opening: OrdererOpening) -> [Term]? {
        opening.terms.first { $0.room == .lobby }?.state.book.terms
    }

    @Test func `terms are there after a restart, and can be undone then`() throws {
        let directory = try TemporaryDirectory()
        let (a, accented, twin) = (
            Term("a", .block), Term("\u{E9}", .hold), Term("e\u{301}", .block)
        )
        do {
            let harness = StoreHarness(directory)
            #expect(try harness.ready().terms == [])
            #expect(try change(harness, adding: [accented, a, twin], key: "k") == .ordered(rev: 1))
            #expect(try change(harness, adding: [accented, a, twin], key: "k") == .ordered(rev: 1))
            #expect(try change(harness, adding: [a], key: "k") == .refused(.changeIDReused))
            #expect(try change(harness, removing: ["a"]) == .ordered(rev: 2))
        }
        do {
            let harness = StoreHarness(directory)
            #expect(try terms(of: harness.ready()) == [twin, accented])
            #expect(try harness.change(.undo(rev: 2), by: mod, at: .start) == .ordered(rev: 3))
        }
        let harness = StoreHarness(directory)
        #expect(try terms(of: harness.ready()) == [a, twin, accented])
        // The changes are no news to members.
        #expect(try harness.follow()?.changes.count == 3)
    }

    @Test func `a change that can't be made changes nothing`() throws {
        let directory = try TemporaryDirectory()
        let harness = StoreHarness(directory)
        _ = try harness.ready()
        #expect(try change(harness, adding: [Term("a", .block)]) == .ordered(rev: 1))
        guard
            case .refused(let refusal) = try change(
                harness, adding: [Term("b", .block), Term("/(/", .block)], removing: ["a"])
        else {
            Issue.record("it was made")
            return
        }
        #expect(refusal.code == .invalidCommand)
        #expect(try change(harness, adding: [Term("c", .block)]) == .ordered(rev: 2))
        harness.store.close()
        let again = StoreHarness(directory)
        #expect(
            try terms(of: again.ready()) == [Term("a", .block), Term("c", .block)])
    }

    @Test func `a list that somebody has spoilt is used as far as possible`() throws {
        let directory = try TemporaryDirectory()
        do {
            let harness = StoreHarness(directory)
            _ = try harness.ready()
            #expect(try change(harness, adding: [Term("a", .block)]) == .ordered(rev: 1))
        }
        let file = try DatabaseQueue(path: "\(directory.path)/\(ChangeFile.fileName)")
        try file.write { db in
            try db.execute(sql: "INSERT INTO term VALUES (1, '/(/', 'block'), (1, 'b', 'burn')")
        }
        try file.close()
        let harness = StoreHarness(directory)
        #expect(try terms(of: harness.ready()) == [Term("a", .block)])
    }
}
