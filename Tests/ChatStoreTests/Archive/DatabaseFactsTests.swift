import Chat
import Foundation
import GRDB
import Testing

@testable import ChatStore

@Suite struct DatabaseFactsTests {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func facts(isInUse: Bool = false) -> DatabaseFacts {
        DatabaseFacts(directory: directory.path, isInUse: isInUse, milliseconds: 60_000)
    }

    @Test func `a database that is used is sound and has all lines`() throws {
        let store = StoreHarness(directory)
        _ = try store.append(Draft.lines(1...3))
        let facts = facts(isInUse: true)
        #expect(facts.standing == .sound)
        #expect(facts.holdsStamp == true)
        #expect(facts.newest == .start)
        #expect(facts.version == facts.currentVersion)
    }

    @Test func `a database that nobody uses is left as it is`() throws {
        let store = StoreHarness(directory)
        _ = try store.append(Draft.lines(1...3))
        store.store.close()
        let names = try directory.names
        #expect(facts().standing == .sound)
        #expect(try directory.names == names)
    }

    @Test func `no database is no fault`() throws {
        #expect(facts().standing == .absent)
        #expect(try directory.names == [])
    }

    @Test func `a copy of an earlier time is noticed`() throws {
        let store = StoreHarness(directory)
        _ = try store.append(Draft.lines(1...3))
        store.store.close()
        try directory.edit { try $0.execute(sql: "UPDATE run SET commits = commits - 1") }
        #expect(facts().holdsStamp == false)
    }

    @Test func `another database, and a damaged one, are told apart`() throws {
        try Data("text that is no database".utf8).write(to: URL(filePath: directory.database))
        guard case .refused = facts().standing else {
            Issue.record("\(facts().standing)")
            return
        }
        try FileManager.default.removeItem(atPath: directory.database)
        let store = StoreHarness(directory)
        _ = try store.append((1...100).map { _ in .line(String(repeating: "x", count: 5_000)) })
        store.store.close()
        try directory.damage()
        guard case .damaged = facts().standing else {
            Issue.record("\(facts().standing)")
            return
        }
    }
}
