import Chat
import Reactor
import Testing

@testable import ChatServer

@Suite struct RoomListTests {
    private static let (first, second) = (RoomID(rawValue: 1), RoomID(rawValue: 2))
    private static func time(_ steps: UInt32) -> CoarseTime { CoarseTime(steps: steps) }

    @Test func `an empty list is never due`() {
        var list = RoomList()
        #expect(list.next == .never)
        #expect(!list.isDue(at: Self.time(.max - 1)))
        #expect(list.take() == [])
    }

    @Test func `the first room decides when the list is due`() {
        var list = RoomList()
        list.add(Self.first, dueAt: Self.time(8))
        list.add(Self.second, dueAt: Self.time(6))
        #expect(list.next == Self.time(8))
        #expect(!list.isDue(at: Self.time(7)))
        #expect(list.isDue(at: Self.time(8)))
        #expect(list.rooms == [Self.first, Self.second])
    }

    @Test func `a taken list is empty until rooms are kept or added`() {
        var list = RoomList()
        list.add(Self.first, dueAt: Self.time(8))
        list.add(Self.second, dueAt: Self.time(8))
        #expect(list.take() == [Self.first, Self.second])
        #expect((list.next, list.isDue(at: Self.time(9))) == (.never, false))
        list.keep([Self.second], dueAt: Self.time(12))
        #expect((list.next, list.rooms) == (Self.time(12), [Self.second]))
        list.keep([], dueAt: Self.time(20))
        #expect(list.next == .never)
        list.add(Self.first, dueAt: Self.time(15))
        #expect(list.next == Self.time(15))
    }
}
