import Chat
import Testing

@testable import ChatServer

@Suite struct LogGrowthTests {
    private static let (first, second) = (RoomID(rawValue: 0), RoomID(rawValue: 7))

    @Test func `a room is granted what it wants, up to an eighth of the budget`() {
        var growth = LogGrowth(budget: 800)
        growth.want(60, for: Self.first)
        #expect(growth.grant(of: Self.first) == 60)
        growth.want(101, for: Self.first)
        #expect(growth.grant(of: Self.first) == 100)
        growth.want(10, for: Self.first)
        #expect((growth.grant(of: Self.first), growth.granted) == (10, 10))
        growth.want(0, for: Self.first)
        #expect((growth.rooms, growth.granted) == ([], 0))
    }

    @Test func `all rooms together are granted a quarter of the budget`() {
        var growth = LogGrowth(budget: 800)
        for room in 0..<3 as Range<UInt32> { growth.want(90, for: RoomID(rawValue: room)) }
        #expect(growth.granted == 200)
        #expect(growth.grant(of: RoomID(rawValue: 2)) == 20)
        growth.want(0, for: Self.first)
        growth.want(90, for: Self.second)
        #expect(growth.grant(of: Self.second) == 90)
        growth.want(200, for: Self.second)
        #expect((growth.grant(of: Self.second), growth.granted) == (90, 200))
    }
}
