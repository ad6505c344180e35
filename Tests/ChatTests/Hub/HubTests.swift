import TestSupport
import Testing

@testable import Chat

@Suite struct HubTests {
    /// A hub for use in expectations, which copy what they call. A hub itself can't be copied.
    private final class Party {
        private var hub: Hub

        init(_ change: (inout ChatLimits) -> Void = { _ in }) {
            var limits = ChatLimits()
            change(&limits)
            hub = Hub(limits: limits, capacity: 16)
        }

        var roomCount: Int { hub.roomCount }
        var lobby: RoomID? { room(named: .lobby) }
        func room(named name: RoomName) -> RoomID? { hub.room(named: name) }

        func enter(_ member: Int, _ room: RoomName = .lobby) -> RoomID {
            hub.entered(MemberID(index: member), room: room)
        }

        /// The rooms that vanish when a member goes.
        func leave(_ member: Int) -> [RoomID] {
            let member = MemberID(index: member)
            let vanished = hub.memberships(of: member).compactMap { hub.left($0) }
            hub.gone(member)
            return vanished
        }

        struct Line {
            let room: RoomID
            let seq: UInt64
            let message: String
        }

        func say(_ text: String, by member: Int, at now: UInt64 = 0) throws(Refusal) -> Line {
            let (draft, room, _) = try hub.drafted(
                PlainMessage(username: "ann", message: text), by: MemberID(index: member),
                at: now, time: Timestamp(milliseconds: 1_769_860_800_123))
            let seq = hub.numbered(draft, in: room, at: 0)
            return Line(room: room, seq: seq, message: draft.message)
        }

        func refuse(_ refusal: Refusal, of member: Int, at now: UInt64 = 0) -> Bool {
            hub.refused(refusal, of: MemberID(index: member), at: now)
        }

        func membership(of member: Int) -> MembershipID? {
            hub.firstMembership(of: MemberID(index: member))
        }

        func membership(_ id: MembershipID) -> Membership { hub.membership(id) }
        func isBehind(_ id: MembershipID) -> Bool { hub.isBehind(id) }
        func fallBehind(_ id: MembershipID) { hub.fellBehind(id, cursor: 0) }
        func feed(_ id: MembershipID, upTo cursor: UInt64) {
            hub.fed(id, upTo: cursor, head: hub.room(hub.membership(id).room).lastSeq)
        }
        func room(_ id: RoomID) -> Room { hub.room(id) }

        func atHead(_ id: RoomID) -> [Int] {
            hub.room(id).seats[..<hub.room(id).headCount].map(\.member.index).sorted()
        }
    }

    @Test func `the lines of each room are numbered 1, 2, 3`() throws {
        let party = Party()
        let lobby = party.enter(0)
        let other = party.enter(1, try #require(RoomName("other")))
        let lines = try [party.say("a", by: 0), party.say("b", by: 0), party.say("c", by: 1)]
        #expect(lines.map(\.seq) == [1, 2, 1])
        #expect(lines.map(\.room) == [lobby, lobby, other])
        #expect(lines.map(\.message) == ["a", "b", "c"])
        #expect(party.room(lobby).lastSeq == 2)
    }

    @Test func `a refused line takes no number, and the rate is checked after the text`() throws {
        let party = Party {
            $0.linesPerSecond = 1
            $0.lineBurst = 2
        }
        _ = party.enter(0)
        #expect(throws: Refusal.self) { try party.say(" ", by: 0) }
        #expect(try party.say("a", by: 0).seq == 1)
        #expect(try party.say("b", by: 0).seq == 2)
        let refusal = #expect(throws: Refusal.self) { try party.say("c", by: 0) }
        #expect(refusal?.code == .rateLimited)
        #expect(refusal?.retryAfter == 1_000)
        #expect(try party.say("c", by: 0, at: 1_000).seq == 3)
    }

    @Test func `one refusal too many within a minute is reported, not counting rate_limited`() {
        let party = Party { $0.errorsPerMinute = 3 }
        _ = party.enter(0)
        let rate = Refusal.rateLimited(linesPerSecond: 5, retryAfter: 1)
        for _ in 0..<10 { #expect(party.refuse(rate, of: 0)) }
        let bad = Refusal(.messageEmpty, "Say something.")
        for _ in 0..<3 { #expect(party.refuse(bad, of: 0)) }
        #expect(!party.refuse(bad, of: 0))
        #expect(party.refuse(bad, of: 0, at: 20_000))
    }

    @Test func `a room vanishes with its last member, and its next life begins at 1`() throws {
        let party = Party()
        let room = party.enter(0)
        _ = party.enter(1)
        _ = try party.say("a", by: 0)
        #expect(party.leave(0) == [])
        #expect(party.roomCount == 1)
        #expect(party.leave(1) == [room])
        #expect(party.roomCount == 0)
        #expect(party.lobby == nil)
        _ = party.enter(1)
        #expect(try party.say("b", by: 1).seq == 1)
    }

    @Test func `a room is found by its name while it has a member`() throws {
        let party = Party()
        let names = try ["a", "b", "ab"].map { try #require(RoomName($0)) }
        var random = SplitMix64(seed: 5)
        var places: [Int: RoomName] = [:]
        for _ in 0..<500 {
            let member = Int.random(in: 0..<6, using: &random)
            if places[member] == nil {
                let name = try #require(names.randomElement(using: &random))
                places[member] = name
                let room = party.enter(member, name)
                #expect(party.room(named: name) == room)
            } else {
                places[member] = nil
                _ = party.leave(member)
            }
            let found = names.map { party.room(named: $0) }
            for (name, room) in zip(names, found) {
                #expect((room != nil) == places.values.contains(name))
            }
            #expect(Set(found.compactMap { $0 }).count == party.roomCount)
        }
    }

    @Test func `a member that falls behind leaves the head until it has caught up`() throws {
        let party = Party()
        for member in 0..<5 { _ = party.enter(member) }
        let room = try #require(party.lobby)
        let slow = try #require(party.membership(of: 1))
        party.fallBehind(slow)
        #expect(party.isBehind(slow))
        #expect(party.atHead(room) == [0, 2, 3, 4])
        _ = try party.say("a", by: 0)
        _ = try party.say("b", by: 0)
        party.feed(slow, upTo: 1)
        #expect(party.isBehind(slow))
        party.feed(slow, upTo: 2)
        #expect(!party.isBehind(slow))
        #expect(party.atHead(room) == [0, 1, 2, 3, 4])
    }

    @Test(arguments: 1...50)
    func `seats stay consistent while members come, lag, catch up and go`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let party = Party()
        var behind: [Int: Bool] = [:]
        for _ in 0..<400 {
            let member = Int.random(in: 0..<12, using: &random)
            if let isBehind = behind[member] {
                let membership = try #require(party.membership(of: member))
                if Int.random(in: 0..<3, using: &random) == 0 {
                    _ = party.leave(member)
                    behind[member] = nil
                } else {
                    if isBehind {
                        party.feed(membership, upTo: 0)
                    } else {
                        party.fallBehind(membership)
                    }
                    behind[member] = !isBehind
                }
            } else {
                _ = party.enter(member)
                behind[member] = false
            }
            try check(party, behind)
        }
    }

    private func check(_ party: Party, _ behind: [Int: Bool]) throws {
        guard let id = party.lobby else {
            #expect(behind.isEmpty)
            return
        }
        let room = party.room(id)
        #expect(party.atHead(id) == behind.filter { !$0.value }.keys.sorted())
        #expect(room.seats.map(\.member.index).sorted() == behind.keys.sorted())
        for (place, seat) in room.seats.enumerated() {
            #expect(party.membership(seat.membership).seat == Int32(place))
            #expect(party.membership(seat.membership).member == seat.member)
        }
    }
}
