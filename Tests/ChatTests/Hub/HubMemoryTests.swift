import Testing

@testable import Chat

@Suite struct HubMemoryTests {
    private static func name(_ number: Int) -> RoomName { RoomName("room-\(number)") ?? .lobby }

    @Test func `rooms and members count, and what ended counts no more`() {
        var hub = Hub(limits: ChatLimits(), capacity: 10)
        #expect(hub.bytes == 0)
        for number in 0..<100 { _ = hub.entered(MemberID(index: number), room: Self.name(number)) }
        let full = hub.bytes
        #expect(full >= 100 * 800)
        for number in 0..<100 { leave(MemberID(index: number), &hub) }
        #expect(hub.bytes == 0)
        #expect(hub.giveBack() == 0)
        #expect(hub.rooms.capacity == 0)
    }

    @Test func `places are given back up to the last one that is used or listed`() {
        var hub = Hub(limits: ChatLimits(), capacity: 10)
        for number in 0..<100 { _ = hub.entered(MemberID(index: number), room: Self.name(number)) }
        for number in 0..<100 where number != 7 { leave(MemberID(index: number), &hub) }
        #expect(hub.giveBack(keeping: 20) == 20)
        #expect(hub.giveBack() == 8)
        #expect(hub.room(named: Self.name(7))?.index == 7)
        #expect(hub.memberCount(of: RoomID(rawValue: 7)) == 1)
        // Free places are used again, each once.
        let rooms = (200..<220).map { number in
            hub.entered(MemberID(index: number), room: Self.name(number)).index
        }
        #expect(Set(rooms).count == 20)
        #expect(!rooms.contains(7) && rooms.allSatisfy { $0 < 27 })
        #expect(hub.roomCount == 21)
    }

    private func leave(_ member: MemberID, _ hub: inout Hub) {
        while let id = hub.firstMembership(of: member) { _ = hub.left(id) }
    }
}
