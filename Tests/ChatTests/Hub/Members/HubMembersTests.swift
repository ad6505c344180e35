import Testing

@testable import Chat

/// Members of the rich dialect: where they begin, under which name, and what they are told.
@Suite struct HubMembersTests {
    /// A hub for use in expectations, which copy what they call. A hub itself can't be copied.
    private final class Party {
        private var hub: Hub

        init(isDurable: Bool = false, _ change: (inout ChatLimits) -> Void = { _ in }) {
            var limits = ChatLimits()
            change(&limits)
            hub = Hub(
                limits: limits, capacity: 16,
                ordering: isDurable ? .elsewhere : .inPlace(firstEpoch: 36))
        }

        func follow(_ snapshot: RoomSnapshot) -> RoomID { hub.following(.lobby, snapshot).room }

        func mayJoin(_ member: Int, _ room: RoomName = .lobby, as name: String? = nil)
            throws(Refusal)
            -> String?
        {
            try hub.mayJoin(MemberID(index: member), room, as: name)
        }

        @discardableResult
        func join(
            _ member: Int, _ room: RoomName = .lobby, as name: String? = "ann",
            start: JoinStart = .standard, logged: UInt64 = 1, limit: Int = 0
        ) -> Entrance {
            hub.joined(
                MemberID(index: member), room, as: name, start: start, logged: logged,
                resumeLimit: limit)
        }

        func say(_ count: Int, by member: Int) throws(Refusal) {
            for number in 0..<count {
                let saying = try hub.said(
                    "\(number)", in: .lobby, as: nil, key: nil, by: MemberID(index: member),
                    at: UInt64(number) * 1_000, time: Timestamp(milliseconds: 0))
                if case .draft(let draft, let room) = saying {
                    _ = hub.numbered(draft, in: room, at: 0)
                }
            }
        }

        var lobby: Room? { hub.room(named: .lobby).map { hub.room($0) } }
        func membership(_ entrance: Entrance) -> Membership { hub.membership(entrance.membership) }
        func isBehind(_ entrance: Entrance) -> Bool { hub.isBehind(entrance.membership) }
        func rename(_ entrance: Entrance, _ name: String) {
            hub.renamed(entrance.membership, name)
        }
        func leave(_ entrance: Entrance) { _ = hub.left(entrance.membership) }
        func begin(with entrance: Entrance) { hub.beginWith(entrance.membership) }

        func takePresence() -> Presence? {
            hub.room(named: .lobby).flatMap { hub.takePresence(of: $0, at: 0) }
        }

        func tell(_ entrance: Entrance) -> Bool { hub.toldPresence(entrance.membership) }
        func members(_ entrance: Entrance) -> MemberList {
            hub.askedForMembers(entrance.membership)
            return hub.memberList(of: hub.room(of: entrance.membership))
        }
        func cameAmidChanges(_ entrance: Entrance, since before: UInt32) -> Bool {
            hub.cameAmidChanges(entrance.membership, since: before)
        }

        func rooms(of member: Int) -> [String] {
            var names: [String] = []
            var next = hub.firstMembership(of: MemberID(index: member))
            while let id = next {
                names.append(hub.name(of: hub.membership(id).room).text)
                next = hub.nextMembership(after: id)
            }
            return names
        }
    }

    /// A resume, and its result in a room with 100 lines.
    struct Resume: Sendable {
        var epoch = "now"
        var seq: UInt64
        /// The oldest line in memory.
        var logged: UInt64 = 91
        /// The oldest line that is stored.
        var oldest: UInt64 = 1
        var limit = 0
        /// Whether it recovers, and the cursor after it.
        let recovered: Bool
        let cursor: UInt64
    }

    @Test(arguments: [
        Resume(seq: 40, recovered: true, cursor: 40),
        Resume(seq: 0, recovered: true, cursor: 0),
        Resume(seq: 100, recovered: true, cursor: 100),
        Resume(seq: 101, recovered: false, cursor: 50),
        Resume(epoch: "no", seq: 40, recovered: false, cursor: 50),
        Resume(epoch: "old", seq: 30, recovered: true, cursor: 30),
        Resume(epoch: "old", seq: 31, recovered: false, cursor: 50),
        Resume(seq: 40, limit: 60, recovered: true, cursor: 40),
        Resume(seq: 40, limit: 59, recovered: false, cursor: 50),
        Resume(seq: 69, oldest: 70, recovered: true, cursor: 69),
        Resume(seq: 68, oldest: 70, recovered: false, cursor: 69),
        Resume(seq: 68, logged: 60, oldest: 70, recovered: true, cursor: 68),
        Resume(seq: 100, logged: 101, oldest: 101, recovered: true, cursor: 100),
        Resume(seq: 98, logged: 101, oldest: 101, recovered: false, cursor: 100),
    ])
    func `a resume recovers the lines that are available`(resume: Resume) throws {
        let party = Party(isDurable: true)
        let (now, old) = (try #require(Epoch("now")), try #require(Epoch("old")))
        let snapshot = RoomSnapshot(
            epoch: now, lastSeq: 100, oldest: resume.oldest, ends: [EpochEnd(epoch: old, seq: 30)])
        _ = party.follow(snapshot)
        let entrance = party.join(
            0, start: .resume(epoch: resume.epoch, seq: resume.seq), logged: resume.logged,
            limit: resume.limit)
        #expect(entrance.recovered == resume.recovered)
        let isBehind = resume.cursor < 100
        #expect(party.isBehind(entrance) == isBehind)
        guard isBehind else { return }
        #expect(party.membership(entrance).cursor == resume.cursor)
        #expect(party.membership(entrance).isReplaying)
    }

    @Test func `without a store only the log of the same epoch is available`() throws {
        let party = Party { $0.linesPerSecond = 0 }
        party.join(0, start: .last(0))
        try party.say(10, by: 0)
        let epoch = try #require(party.lobby?.epoch?.text)
        let table: [(String, UInt64, Bool)] = [
            (epoch, 5, true), (epoch, 4, false), (epoch, 10, true), ("other", 10, false),
        ]
        for (place, (epoch, seq, isRecovered)) in table.enumerated() {
            let entrance = party.join(
                place + 1, start: .resume(epoch: epoch, seq: seq), logged: 6)
            #expect(entrance.recovered == isRecovered)
            if !isRecovered { #expect(party.membership(entrance).cursor == 5) }
        }
    }

    @Test func `each life of a room that isn't stored is an epoch`() {
        let party = Party()
        let first = party.join(0)
        #expect(party.lobby?.epoch?.text == "10")
        party.leave(first)
        party.join(0)
        #expect(party.lobby?.epoch?.text == "11")
    }

    @Test func `joining the same room again doesn't count as another room`() throws {
        let party = Party { $0.rooms = 2 }
        let (one, other) = (try #require(RoomName("a")), try #require(RoomName("b")))
        party.join(0, one)
        party.join(0, other)
        let refusal = #expect(throws: Refusal.self) { try party.mayJoin(0, as: "ann") }
        #expect(refusal?.code == .tooManyRooms)
        #expect(try party.mayJoin(0, one, as: " zoe ") == "zoe")
        #expect(try party.mayJoin(1) == nil)
    }

    @Test func `the rooms of a member take turns`() throws {
        let party = Party()
        let entrances = try ["a", "b", "c", "d"].map {
            party.join(0, try #require(RoomName($0)))
        }
        #expect(party.rooms(of: 0) == ["d", "c", "b", "a"])
        party.begin(with: entrances[1])
        #expect(party.rooms(of: 0) == ["b", "a", "d", "c"])
        party.begin(with: entrances[1])
        #expect(party.rooms(of: 0) == ["b", "a", "d", "c"])
        party.begin(with: entrances[2])
        #expect(party.rooms(of: 0) == ["c", "b", "a", "d"])
        party.leave(entrances[3])
        party.begin(with: entrances[0])
        #expect(party.rooms(of: 0) == ["a", "c", "b"])
    }

    @Test func `names are compared byte by byte and listed in order`() {
        let party = Party()
        let ann = party.join(0, as: "ann")
        _ = party.takePresence()
        party.rename(ann, "ann")
        #expect(party.takePresence() == nil)
        party.join(1, as: "e\u{301}")
        let other = party.join(2, as: "bob")
        party.rename(other, "\u{E9}")
        #expect(party.members(ann).usernames == ["ann", "e\u{301}", "\u{E9}"])
        let presence = party.takePresence()
        #expect(presence?.count == 3)
        #expect(presence?.joined?.count == 2)
        #expect(presence?.left == [])
    }

    @Test func `each member is told of a change once, unless it already knows it`() {
        let party = Party()
        let ann = party.join(0)
        _ = party.takePresence()
        #expect(!party.tell(ann))
        let bob = party.join(1, as: "bob")
        #expect(!party.tell(ann))
        #expect(party.takePresence() == Presence(number: 2, count: 2, joined: ["bob"], left: []))
        #expect(party.tell(ann))
        #expect(!party.tell(ann))
        #expect(!party.tell(bob))
    }

    @Test func `a list of members has its place among the events of presence`() {
        let party = Party()
        let ann = party.join(0, as: "ann")
        let first = MemberList(
            count: 1, usernames: ["ann"], number: 0,
            untold: PresenceNames(joined: ["ann"], left: []))
        #expect(party.members(ann) == first)
        #expect(party.takePresence()?.number == 1)
        #expect(party.tell(ann), "who has asked is told the changes again")
        #expect(party.members(ann) == MemberList(count: 1, usernames: ["ann"], number: 1))
        party.rename(ann, "bob")
        let second = MemberList(
            count: 1, usernames: ["bob"], number: 1,
            untold: PresenceNames(joined: ["bob"], left: ["ann"]))
        #expect(party.members(ann) == second)
    }

    @Test func `who asks amid changes that come to nothing is told that they have`() {
        let party = Party()
        let ann = party.join(0, as: "ann")
        _ = party.takePresence()
        #expect(party.tell(ann) == false)
        let before = party.lobby?.toldChanges ?? 0
        let bob = party.join(1, as: "bob")
        #expect(party.members(ann).untold == PresenceNames(joined: ["bob"], left: []))
        party.leave(bob)
        #expect(party.takePresence() == nil)
        #expect(party.cameAmidChanges(ann, since: before))
    }
}
