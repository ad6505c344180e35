import Testing

@testable import Chat

@Suite struct FirstJoinsTests {
    @Test func `the first join counts, for each room and user`() {
        var joins = FirstJoins()
        let other = RoomName("other") ?? .lobby
        #expect(joins.came("ann", to: .lobby, at: 10) == 10)
        #expect(joins.came("ann", to: .lobby, at: 20) == 10)
        #expect(joins.came("ann", to: other, at: 20) == 20)
        #expect(joins.came("bob", to: .lobby, at: 5) == 5)
        // It was there before anybody knew who it is.
        #expect(joins.came("ann", to: .lobby, at: 3) == 3)
    }

    @Test func `the memory is bounded, and the last ones are known`() {
        var joins = FirstJoins()
        for number in 0..<100_000 { _ = joins.came("u\(number)", to: .lobby, at: 1) }
        #expect(joins.bytes <= 2 * 32_768 * 16)
        #expect(joins.came("u\(100_000 - 32_768)", to: .lobby, at: 2) == 1)
        #expect(joins.came("u0", to: .lobby, at: 2) == 2)
    }
}
