import Chat
import Foundation
import Testing

@testable import ChatStore

/// Lines that wait are kept, said once, and leave the files.
@Suite struct HeldTests {
    private let mod = Author(user: "mod", badge: .moderator)

    private func hold(_ drafts: [Draft], _ harness: StoreHarness) throws -> [HeldLine] {
        for (ticket, draft) in drafts.enumerated() {
            harness.store.submit(
                .held(.hold(HeldRequest.Hold(ticket: UInt64(ticket), draft, .hold))))
        }
        var lines: [HeldLine] = []
        while lines.count < drafts.count {
            lines += try harness.next("held") { reply -> [HeldLine]? in
                guard case .held(.held(let answers)) = reply else { return nil }
                return answers.compactMap(\.line)
            }
        }
        return lines
    }

    private func release(
        _ ids: [UInt64], _ harness: StoreHarness, at time: Timestamp = .start
    ) throws -> [HeldReply.Said] {
        harness.store.submit(.held(.release(ids, at: time)))
        return try harness.next("released") { reply in
            if case .held(.released(let said, _)) = reply { said } else { nil }
        }
    }

    @Test func `lines wait over a restart and are said once, in the order that is asked for`()
        throws
    {
        let directory = try TemporaryDirectory()
        let ann = Author(user: "u1", badge: .vip)
        let drafts: [Draft] = [
            .line("one", key: "k"), .line("two\0", by: ann),
            .line("three", room: try RoomName(2)),
        ]
        let lines: [HeldLine]
        do {
            let harness = StoreHarness(directory)
            #expect(try harness.ready().held == [])
            lines = try hold(drafts, harness)
            #expect(lines.map(\.draft) == drafts)
            #expect(lines.map(\.id) == lines.map(\.id).sorted())
        }
        let harness = StoreHarness(directory)
        let held = try harness.ready().held
        #expect(held.map(\.name) == [.lobby, try RoomName(2)])
        #expect(held.flatMap(\.lines) == lines)
        _ = try harness.append([.line("before")])
        let later = Timestamp.start.later(by: 5_000)
        let said = try release([lines[1].id, 99, lines[0].id], harness, at: later)
        #expect(said.map(\.id) == [lines[1].id, lines[0].id])
        #expect(said.map(\.seq) == [2, 3] && said.map(\.time) == [later, later])
        #expect(try release([lines[0].id], harness) == [])
        let page = try #require(try harness.page())
        #expect(page.lines.map(\.message) == ["before", "two\0", "one"])
        #expect(page.lines.map(\.author) == [.guest, ann, .guest])
        harness.store.close()
        let next = StoreHarness(directory)
        let opening = try next.ready()
        #expect(opening.held.flatMap(\.lines) == [lines[2]])
        // The line's own key is known, so that a repeat isn't said.
        #expect(opening.sends.contains { $0.seq == 3 })
    }

    @Test func `a crash between the two files says no line twice`() throws {
        let directory = try TemporaryDirectory()
        let path = "\(directory.path)/\(ChangeFile.fileName)"
        let lines: [HeldLine]
        do {
            let harness = StoreHarness(directory)
            _ = try harness.ready()
            lines = try hold([.line("keyless"), .line("keyed", key: "k"), .line("left")], harness)
        }
        let before = try Data(contentsOf: URL(filePath: path))
        do {
            let harness = StoreHarness(directory)
            _ = try harness.ready()
            #expect(try release(lines.prefix(2).map(\.id), harness).count == 2)
        }
        // The lines have their numbers, and then the power is gone.
        for suffix in ["-wal", "-shm"] {
            try? FileManager.default.removeItem(atPath: path + suffix)
        }
        try before.write(to: URL(filePath: path))
        let harness = StoreHarness(directory)
        #expect(try harness.ready().held.flatMap(\.lines) == [lines[2]])
        #expect(try release(lines.map(\.id), harness).map(\.seq) == [3])
        let page = try #require(try harness.page())
        #expect(page.lines.map(\.message) == ["keyless", "keyed", "left"])
    }

    @Test func `approved lines are still so after a restart, and rejected ones are in no file`()
        throws
    {
        let directory = try TemporaryDirectory()
        let secret = "the words that nobody sees"
        do {
            let harness = StoreHarness(directory)
            _ = try harness.ready()
            let lines = try hold([.line(secret), .line("fine")], harness)
            let (bad, good) = (lines[0].id, lines[1].id)
            let ann = Author(user: "ann")
            #expect(
                try harness.change(.reject(held: bad), by: ann, at: .start)
                    == .refused(.notModerator))
            #expect(
                try harness.change(.reject(held: bad), by: mod, key: "r", at: .start)
                    == .ordered(rev: 1))
            #expect(
                try harness.change(.reject(held: bad), by: mod, key: "r", at: .start)
                    == .ordered(rev: 1))
            #expect(
                try harness.change(.approve(held: good), by: mod, at: .start)
                    == .ordered(rev: 2))
            guard
                case .refused(let refusal) = try harness.change(
                    .approve(held: good), by: mod, at: .start)
            else {
                Issue.record("it was approved twice")
                return
            }
            #expect(refusal.code == .notFound)
            while try !directory.names(having: secret).isEmpty {
                _ = try harness.append([.line("on")])
            }
        }
        let harness = StoreHarness(directory)
        let held = try harness.ready().held.flatMap(\.lines)
        #expect(held.map(\.draft.message) == ["fine"] && held.map(\.isApproved) == [true])
        let changes = try #require(try harness.follow()?.changes)
        #expect(changes.map(\.kind) == [.past, .past])
    }

    @Test func `a released line that is deleted later is in no file`() throws {
        let directory = try TemporaryDirectory()
        let secret = "the words that were seen"
        let harness = StoreHarness(directory, undoPeriod: 0)
        _ = try harness.ready()
        let lines = try hold([.line(secret)], harness)
        #expect(try release(lines.map(\.id), harness).map(\.seq) == [1])
        #expect(
            try harness.change(.delete(seqs: [1]), by: mod, at: .start) == .ordered(rev: 1))
        while try !directory.names(having: secret).isEmpty {
            _ = try harness.append([.line("on")])
        }
    }

    @Test func `without a history, lines wait in the file of changes`() throws {
        let directory = try TemporaryDirectory()
        func open() throws -> ChangeStore {
            try ChangeStore(directory: directory.path, wake: {})
        }
        func replies(_ store: ChangeStore) -> [OrdererReply] {
            store.close()
            var replies: [OrdererReply] = []
            store.takeReplies(into: &replies)
            return replies
        }
        let store = try open()
        for (ticket, text) in ["one", "two"].enumerated() {
            store.submit(
                .held(.hold(HeldRequest.Hold(ticket: UInt64(ticket), .line(text), .term))))
        }
        #expect(replies(store).count == 2)
        let next = try open()
        let held = try next.snapshot().held.flatMap(\.lines)
        #expect(held.map(\.draft.message) == ["one", "two"])
        #expect(held.map(\.reason) == [.term, .term])
        next.submit(.held(.release([held[0].id], at: .start)))
        let said = HeldReply.Said(id: held[0].id, seq: nil, time: .start)
        #expect(replies(next) == [.held(.released([said], of: [held[0].id]))])
        #expect(try open().snapshot().held.flatMap(\.lines).map(\.id) == [held[1].id])
    }
}
