import Testing

@testable import Chat

@Suite struct RoomPresenceTests {
    @Test func `names are sorted by their bytes and added up`() {
        let left = RoomPresence(count: 3, usernames: ["zoe", "\u{E9}", "ann"])
        #expect(left.usernames == ["ann", "zoe", "\u{E9}"])
        let sum = left + RoomPresence(count: 2, usernames: ["bob"])
        #expect(sum == RoomPresence(count: 5, usernames: ["ann", "bob", "zoe", "\u{E9}"]))
        #expect(sum + .nobody == sum && .nobody + sum == sum)
    }

    @Test func `names that Unicode calls equivalent are different`() {
        let (one, two) = (["e\u{301}"], ["\u{E9}"])
        #expect(one == two)
        #expect(RoomPresence(count: 1, usernames: one) != RoomPresence(count: 1, usernames: two))
        #expect(RoomPresence(count: 1, usernames: one) == RoomPresence(count: 1, usernames: one))
        #expect(RoomPresence(count: 1, usernames: nil) != RoomPresence(count: 1, usernames: []))
    }

    @Test func `a crowd has no names, nor has one with an unknown part`() {
        let names = (0..<150).map { "n\($0)" }
        let half = RoomPresence(count: 150, usernames: names)
        #expect((half + half) == RoomPresence(count: 300, usernames: nil))
        #expect(RoomPresence(count: 201, usernames: names).usernames == nil)
        let unknown = RoomPresence(count: 1, usernames: nil)
        #expect((unknown + RoomPresence(count: 1, usernames: ["ann"])).usernames == nil)
        // There can't be more names than members.
        #expect(RoomPresence(count: 1, usernames: ["ann", "bob"]).usernames == nil)
    }
}
