import Chat
import Dispatch
import Foundation
import GRDB
import Testing

@testable import ChatStore

@Suite struct FollowTests {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    /// An event of a room: the last number of a snapshot, or the numbers of lines.
    private enum Event: Equatable {
        case snapshot(UInt64)
        case lines([UInt64])
    }

    private func event(_ reply: OrdererReply, in room: RoomName) -> Event? {
        switch reply {
        case .following(room, let snapshot): .snapshot(snapshot.lastSeq)
        case .entries(room, let entries):
            .lines(
                entries.compactMap { entry in
                    if case .line(let line) = entry { line.seq } else { nil }
                })
        default: nil
        }
    }

    @Test func `groups and requests to follow are handled in order`() throws {
        let store = StoreHarness(directory)
        let other = try RoomName(1)
        for _ in 0..<100 {
            store.store.submit(.follow(.lobby))
            store.submit([.line("a"), .line("b", room: other), .line("c")])
            store.store.submit(.follow(other))
        }
        var (ofLobby, ofOther): ([Event], [Event]) = ([], [])
        while ofLobby.count < 200 || ofOther.count < 200 {
            let reply = try store.next()
            if let event = event(reply, in: .lobby) { ofLobby.append(event) }
            if let event = event(reply, in: other) { ofOther.append(event) }
        }
        for round in 0..<100 {
            let (first, last) = (UInt64(2 * round), UInt64(round + 1))
            #expect(ofLobby[2 * round] == .snapshot(first))
            #expect(ofLobby[2 * round + 1] == .lines([first + 1, first + 2]))
            #expect(ofOther[2 * round] == .lines([last]))
            #expect(ofOther[2 * round + 1] == .snapshot(last))
        }
    }

    @Test func `a room can be followed again`() throws {
        let store = StoreHarness(directory)
        #expect(try store.follow() == store.snapshot(lastSeq: 0, oldest: 1))
        store.store.submit(.unfollow(.lobby))
        #expect(try store.append([.line("a")]) == [1])
        #expect(try store.follow() == store.snapshot(lastSeq: 1, oldest: 1))
    }

    @Test func `rooms are still looked up while nothing can be stored`() throws {
        let store = StoreHarness(directory)
        #expect(try store.append([.line("a")]) == [1])
        try directory.edit { db in
            try db.execute(
                sql: """
                    CREATE TRIGGER poison BEFORE INSERT ON line
                    BEGIN SELECT json('poisoned'); END;
                    CREATE TRIGGER probed BEFORE INSERT ON probe
                    BEGIN SELECT RAISE(FAIL, 'still bad'); END
                    """)
        }
        #expect(try store.append([.line("b")]) == nil)
        #expect(try store.follow() == store.snapshot(lastSeq: 1, oldest: 1))
    }

    /// A writer without a reader.
    private struct LoneWriter {
        let work = WorkQueue<Writer.Work>()
        let reading = WorkQueue<Reader.Work>()
        let mailbox: Mailbox
        let woken = DispatchSemaphore(value: 0)

        init(_ directory: TemporaryDirectory) {
            mailbox = Mailbox { [woken] in woken.signal() }
            let file = DatabaseFile(path: directory.database, log: nil)
            DispatchQueue(label: "lone writer").async { [work, reading, mailbox] in
                var writer = Writer(
                    file: file, durability: .process, retention: Retention(days: 0, lines: 0),
                    machine: .quick, work: work, reading: reading, mailbox: mailbox,
                    meter: StoreMeter(), log: nil)
                writer.run()
            }
        }

        /// The replies so far, once one of them satisfies `isLast`.
        func replies(until isLast: (OrdererReply) -> Bool) -> [OrdererReply] {
            var replies: [OrdererReply] = []
            while !replies.contains(where: isLast) {
                woken.wait()
                mailbox.take(into: &replies)
            }
            return replies
        }

        /// The next room that the reader is asked for.
        func lookUp() -> RoomName {
            while true {
                for case .lookUp(let room) in reading.take(until: .distantFuture) { return room }
            }
        }

        func close() {
            let done = DispatchSemaphore(value: 0)
            work.add(.close(done))
            done.wait()
        }
    }

    @Test
    func `a room that the reader looks up while the file opens comes before the first line`() throws
    {
        try FileManager.default.removeItem(atPath: directory.path)
        let writer = LoneWriter(directory)
        writer.work.add(.follow(.lobby))
        writer.work.add(.append([Submission(id: 0, draft: .line("a"))]))
        #expect(writer.lookUp() == .lobby)
        #expect(
            writer.replies { if case .answered = $0 { true } else { false } }.last
                == .answered([.failed]))

        try FileManager.default.createDirectory(
            atPath: directory.path, withIntermediateDirectories: true)
        let opened = writer.replies { if case .following = $0 { true } else { false } }
        guard case .ready(let opening) = opened.first else {
            Issue.record("the first reply was not .ready")
            return
        }
        let snapshot = RoomSnapshot(epoch: opening.epoch, lastSeq: 0, oldest: 1)
        #expect(opened.dropFirst() == [.following(.lobby, snapshot)])

        // The reader's result is out of date by now.
        writer.work.add(.append([Submission(id: 1, draft: .line("b"))]))
        writer.work.add(.lookedUp(.lobby, snapshot))
        writer.work.add(.follow(.lobby))
        let replies = writer.replies { if case .following = $0 { true } else { false } }
        let line = Line(seq: 1, time: .start, username: "ann", message: "b")
        #expect(
            replies == [
                .entries(.lobby, [.line(line)]), .answered([.ordered(seq: 1, time: .start)]),
                .following(.lobby, RoomSnapshot(epoch: opening.epoch, lastSeq: 1, oldest: 1)),
            ])
        writer.close()
    }

    @Test
    func `the reader's result is reported for each request while the file can't be opened`() throws
    {
        try FileManager.default.removeItem(atPath: directory.path)
        let writer = LoneWriter(directory)
        let snapshot = RoomSnapshot(epoch: Epoch(number: 1), lastSeq: 3, oldest: 1)
        for answer in [snapshot, nil, snapshot] {
            writer.work.add(.follow(.lobby))
            writer.work.add(.follow(.lobby))
            #expect(writer.lookUp() == .lobby)
            writer.work.add(.lookedUp(.lobby, answer))
        }
        writer.close()
        var replies: [OrdererReply] = []
        writer.mailbox.take(into: &replies)
        #expect(replies.filter { $0 == .following(.lobby, snapshot) }.count == 2)
        // One room that the reader couldn't look up, and three that it has no time left for.
        #expect(replies.filter { $0 == .followFailed(.lobby) }.count == 4)
    }
}
