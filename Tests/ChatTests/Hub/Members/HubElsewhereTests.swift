import Testing

@testable import Chat

/// Rooms with members on other servers.
@Suite struct HubElsewhereTests {
    private static func named(_ names: String...) -> RoomPresence {
        RoomPresence(count: names.count, usernames: names)
    }

    private static func crowd(_ count: Int) -> RoomPresence {
        RoomPresence(
            count: count, usernames: (0..<count).map { "n\($0)" })
    }

    private static let room = RoomID(rawValue: 0)

    /// A hub whose room is open, with a member of the rich dialect who knows all changes.
    private static func makeHub(elsewhere: RoomPresence = .nobody) -> Hub {
        var hub = Hub(
            limits: ChatLimits(), capacity: 4, ordering: .elsewhere, isShared: true)
        let snapshot = RoomSnapshot(epoch: Epoch(number: 1), lastSeq: 0, oldest: 1)
        _ = hub.following(.lobby, snapshot.with(elsewhere: elsewhere))
        _ = join(&hub, 0, as: "ann")
        return hub
    }

    @discardableResult
    private static func join(_ hub: inout Hub, _ member: Int, as name: String?) -> MembershipID {
        hub.joined(
            MemberID(index: member), .lobby, as: name, start: .standard, logged: 1, resumeLimit: 0
        ).membership
    }

    private static func say(
        _ text: String, by author: Author, at now: UInt64, _ hub: inout Hub
    ) throws(Refusal) {
        _ = try hub.said(
            text, in: .lobby, as: nil, key: nil, by: MemberID(index: 1), author, at: now,
            time: Timestamp(milliseconds: Int64(now)))
    }

    @Test func `members elsewhere count, and have names`() {
        var hub = Self.makeHub(elsewhere: Self.named("zoe", "ann"))
        let room = Self.room
        let counts = (hub.memberCount(of: room), hub.totalCount(of: room))
        #expect(counts == (1, 3))
        let list = hub.memberList(of: room)
        #expect(list.count == 3 && list.usernames == ["ann", "ann", "zoe"])
        let own = hub.ownPresence(of: room)
        #expect(own == Self.named("ann"))
        let first = hub.takePresence(of: room, at: 0)
        #expect(first?.count == 3 && first?.joined == ["ann", "ann", "zoe"])
    }

    @Test func `an event tells who came and went anywhere`() {
        var hub = Self.makeHub(elsewhere: Self.named("zoe", "zoe", "cy"))
        let room = Self.room
        _ = hub.takePresence(of: room, at: 0)
        let version = hub.listVersion(of: room)
        hub.changed(elsewhere: Self.named("zoe", "di"), in: room)
        let isNewList = hub.listVersion(of: room) != version
        #expect(isNewList)
        Self.join(&hub, 1, as: "bob")
        // The member has gone to another server.
        Self.join(&hub, 2, as: "di")
        hub.changed(elsewhere: Self.named("zoe"), in: room)
        let hasNews = hub.hasNews(room)
        #expect(hasNews)
        let event = hub.takePresence(of: room, at: 1_000)
        #expect(event?.count == 4)
        #expect(event?.joined == ["bob", "di"] && event?.left == ["cy", "zoe"])
        hub.changed(elsewhere: Self.named("zoe"), in: room)
        let hasMore = hub.hasNews(room)
        #expect(!hasMore)
        // It cancels out.
        hub.changed(elsewhere: Self.named("x"), in: room)
        hub.changed(elsewhere: Self.named("zoe"), in: room)
        let none = hub.takePresence(of: room, at: 2_000)
        #expect(none == nil)
    }

    @Test func `more than 200 members on all servers have no names`() {
        var hub = Self.makeHub(elsewhere: Self.crowd(199))
        let room = Self.room
        _ = hub.takePresence(of: room, at: 0)
        let full = hub.memberList(of: room)
        #expect(full.usernames?.count == 200)
        Self.join(&hub, 1, as: "bob")
        let list = hub.memberList(of: room)
        #expect(list.count == 201 && list.usernames == nil)
        let event = hub.takePresence(of: room, at: 1_000)
        #expect(event?.count == 201 && event?.joined == nil && event?.left == nil)
        hub.changed(elsewhere: Self.crowd(500), in: room)
        hub.changed(elsewhere: Self.crowd(600), in: room)
        let more = hub.takePresence(of: room, at: 2_000)
        #expect(more?.count == 602 && more?.joined == nil)
        // Who has gone isn't known, so members must ask.
        hub.changed(elsewhere: Self.named("zoe"), in: room)
        let less = hub.takePresence(of: room, at: 3_000)
        #expect(less?.count == 3 && less?.joined == nil && less?.left == nil)
        let names = hub.memberList(of: room).usernames
        #expect(names == ["ann", "bob", "zoe"])
        let untold = hub.memberList(of: room).untold
        #expect(untold == nil)
    }

    @Test func `a crowd elsewhere that changes little is told by its names`() {
        var hub = Self.makeHub(elsewhere: Self.crowd(190))
        let room = Self.room
        _ = hub.takePresence(of: room, at: 0)
        for number in 1...9 { Self.join(&hub, number, as: "own \(number)") }
        hub.changed(elsewhere: Self.crowd(189), in: room)
        let event = hub.takePresence(of: room, at: 1_000)
        #expect(event?.count == 199 && event?.left == ["n189"] && event?.joined?.count == 9)
    }

    @Test func `other servers hear of rooms in which nobody gets presence events`() {
        var hub = Hub(limits: ChatLimits(), capacity: 4, ordering: .elsewhere, isShared: true)
        let room = hub.entered(MemberID(index: 0), room: .lobby)
        let hasNews = hub.hasNews(room)
        let presence = hub.ownPresence(of: room)
        #expect(hasNews && presence == RoomPresence(count: 1, usernames: []))
        var alone = Hub(limits: ChatLimits(), capacity: 4, ordering: .elsewhere)
        let own = alone.entered(MemberID(index: 0), room: .lobby)
        let hasOwnNews = alone.hasNews(own)
        #expect(!hasOwnNews)
    }

    @Test func `a room that vanishes keeps nothing`() throws {
        var hub = Self.makeHub()
        let before = hub.bytes
        let room = Self.room
        hub.changed(elsewhere: Self.crowd(100), in: room)
        #expect(hub.bytes >= before + 100 * 18)
        let id = hub.firstMembership(of: MemberID(index: 0))
        let vanished = try hub.left(#require(id))
        #expect(vanished == room && hub.bytes == 0 && hub.elsewhere.isEmpty)
        let again = hub.entered(MemberID(index: 1), room: .lobby)
        let count = hub.totalCount(of: again)
        #expect(again == room && count == 1)
    }

    @Test func `a client that comes from another server may know more`() {
        var hub = Self.makeHub()
        let (room, epoch) = (Self.room, Epoch(number: 1).text)
        _ = hub.took(line: 1, in: room)
        let cursors: [(seq: UInt64, rev: UInt64?)] = [(0, nil), (1, nil), (1, 0), (2, nil), (1, 1)]
        var told: [Bool] = []
        for cursor in cursors {
            let start = JoinStart.resume(epoch: epoch, seq: cursor.seq)
            told.append(hub.isBehind(start, cursor.rev, in: room))
        }
        #expect(told == [false, false, false, true, true])
        // Numbers of other epochs say nothing.
        for other in ["zz", "?"] {
            let isBehind = hub.isBehind(.resume(epoch: other, seq: 2), nil, in: room)
            #expect(!isBehind)
        }
        let standard = hub.isBehind(.standard, 5, in: room)
        #expect(!standard)
    }

    @Test func `a user's line on another server counts for slow mode`() throws {
        var hub = Self.makeHub()
        let (room, bob) = (Self.room, Author(user: "u1"))
        var settings = RoomSettings()
        settings.rules.slowSeconds = 10
        hub.heard(of: bob, in: room, at: 0)
        hub.set(settings, in: room)
        Self.join(&hub, 1, as: "bob")
        // Lines before there was slow mode don't count.
        try Self.say("one", by: bob, at: 1_000, &hub)
        // Its own line doesn't count twice.
        hub.heard(of: bob, in: room, at: 1_500)
        try Self.say("two", by: bob, at: 11_000, &hub)
        hub.heard(of: bob, in: room, at: 21_000)
        do {
            try Self.say("three", by: bob, at: 30_999, &hub)
            Issue.record("it was taken")
        } catch {
            #expect(error.code == .slowMode && error.retryAfter == 1)
        }
        try Self.say("four", by: bob, at: 31_000, &hub)
    }
}
