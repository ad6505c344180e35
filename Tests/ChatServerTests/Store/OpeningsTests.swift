import Chat
import Reactor
import Testing

@testable import ChatServer

@Suite struct OpeningsTests {
    private static func token(_ index: Int) -> Token { Token(index: index, generation: 1) }

    private static func room(_ number: Int) throws -> RoomName {
        try #require(RoomName("r\(number)"))
    }

    @Test func `commands for the same room share its request`() throws {
        var openings = Openings()
        let room = try Self.room(1)
        #expect(openings.add(Self.token(1), for: room) == true)
        #expect(openings.add(Self.token(2), for: room) == false)
        #expect(openings.needs(room) == false)
        #expect(openings.tokens == [Self.token(1), Self.token(2)])
        #expect(openings.take(room) == [Self.token(1), Self.token(2)])
        #expect(openings.take(room) == [])
    }

    @Test func `a few rooms are requested for commands, and the others after them`() throws {
        var openings = Openings()
        let most = Limits.openingsAtOnce
        for number in 0..<most + 3 {
            let isRequested = openings.add(Self.token(number), for: try Self.room(number))
            #expect(isRequested == (number < most))
        }
        #expect(openings.takeNext() == nil)
        #expect(openings.tokens.count == most + 3)
        for number in 0..<3 {
            #expect(openings.take(try Self.room(number)) == [Self.token(number)])
            let taken = openings.takeNext()
            let next = try #require(taken)
            #expect(next == (try Self.room(most + number), Self.token(most + number)))
            #expect(openings.add(next.token, for: next.room) == true)
            #expect(openings.takeNext() == nil)
        }
        #expect(openings.tokens.count == most)
    }

    @Test func `a room with members never waits`() throws {
        var openings = Openings()
        for number in 0..<Limits.openingsAtOnce {
            _ = openings.add(Self.token(number), for: try Self.room(number))
        }
        #expect(openings.needs(try Self.room(100)) == true)
    }

    @Test func `the memory of a long queue comes back`() throws {
        var openings = Openings()
        for number in 0..<5_000 {
            _ = openings.add(Self.token(number), for: try Self.room(number))
        }
        for number in 0..<5_000 {
            #expect(openings.take(try Self.room(number)) == [Self.token(number)])
            if let next = openings.takeNext() { _ = openings.add(next.token, for: next.room) }
        }
        #expect(openings.tokens == [])
        #expect(openings.requested.isEmpty)
    }
}
