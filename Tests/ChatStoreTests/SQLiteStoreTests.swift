import Chat
import Testing

@testable import ChatStore

@Suite struct SQLiteStoreTests {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    @Test func `each room numbers its lines from 1, whatever the groups are`() throws {
        let store = StoreHarness(directory)
        let (one, two) = (try RoomName(1), try RoomName(2))
        #expect(try store.append([.line("a", room: one), .line("b", room: one)]) == [1, 2])
        #expect(try store.append([.line("c", room: two), .line("d", room: one)]) == [1, 3])
        #expect(try store.follow(one) == store.snapshot(lastSeq: 3, oldest: 1))
        #expect(try store.follow(two) == store.snapshot(lastSeq: 1, oldest: 1))
        #expect(try store.follow(RoomName(3)) == store.snapshot(lastSeq: 0, oldest: 1))
    }

    @Test func `requests to follow and lines are answered in the order of their arrival`() throws {
        let store = StoreHarness(directory)
        let rooms = try (1...4).map { try RoomName($0) }
        for _ in 0..<20 {
            for room in rooms { store.store.submit(.follow(room)) }
            store.submit(rooms.map { .line("x", room: $0) })
            _ = try store.answers()
        }
        for room in rooms { _ = try store.follow(room) }
        for room in rooms {
            let lasts = store.replies.compactMap { reply -> UInt64? in
                if case .following(room, let snapshot) = reply { snapshot.lastSeq } else { nil }
            }
            #expect(lasts == Array(0...20))
        }
    }

    @Test(arguments: ["hi", "", "a\u{0}b", "\u{0}", "naïve 👩‍👩‍👧‍👦", "'; DROP TABLE line; --"])
    func `texts are read back unchanged`(_ text: String) throws {
        let store = StoreHarness(directory)
        let draft = Draft(
            room: .lobby, time: .start, username: "b\(text)", message: text, key: "k\(text)")
        #expect(try store.append([draft]) == [1])
        let line = Line(seq: 1, time: .start, username: "b\(text)", message: text)
        #expect(try store.page() == RoomPage(lines: [line], through: 1, oldest: 1))
        store.store.close()

        let send = StoredSend(
            room: .lobby, username: "b\(text)", key: "k\(text)", seq: 1, time: .start,
            digest: RecentSends.digest(of: text))
        #expect(try StoreHarness(directory).ready().sends == [send])
    }
}
