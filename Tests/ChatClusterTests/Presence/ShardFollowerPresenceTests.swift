import Chat
import ChatCluster
import Testing

/// What a node's side of a shard has to do with presence.
@Suite struct ShardFollowerPresenceTests {
    private static func run(_ name: String) -> NodeRun {
        guard let name = NodeName(name) else { preconditionFailure("a bad name") }
        return NodeRun(name, number: 1)
    }

    private let epoch = Epoch(number: 1)
    private var follower = ShardFollower(run("own"), at: 0)

    /// A follower that is open, with the number of its first attendance.
    private mutating func open() throws -> UInt64 {
        follower.received(.connected, at: 0)
        #expect(follower.takeEffects() == [.command(0, .enter(Self.run("own")))])
        let state = ShardState(
            epoch: epoch, isSameData: true, time: Timestamp(milliseconds: 0), news: 0)
        follower.received(.answered(0, .entered(state)), at: 1)
        var attendance: UInt64?
        var effects = follower.takeEffects()
        while !effects.isEmpty {
            switch effects.removeFirst() {
            case .command(let number, .changes(let command)):
                follower.received(.answered(number, Bench.reply(to: command)), at: 1)
                effects += follower.takeEffects()
            case .command(let number, .presence(.attend)): attendance = number
            case .command, .subscribe, .unsubscribe, .reconnect: break
            }
        }
        return try #require(attendance)
    }

    @Test mutating func `a room's state has its members on other nodes`() throws {
        let attendance = try open()
        let others = RoomPresence(count: 2, usernames: ["bob"])
        let list = [
            Attendance(Self.run("own"), first: 1, last: 1),
            Attendance(Self.run("other"), first: 7, last: 9),
        ]
        follower.received(
            .answered(attendance, .presence(.attended(list, versions: []))), at: 2)
        follower.received(.follow(.lobby), at: 3)
        follower.received(.subscribed(.lobby), at: 4)
        var asked: [(number: UInt64, command: ShardCommand)] = []
        for case .command(let number, let command) in follower.takeEffects() {
            asked.append((number, command))
        }
        // In this order, so that the members are known when the state comes.
        #expect(
            asked.map(\.command).suffix(2) == [.presence(.read(epoch, .lobby)), .open(.lobby)])
        let numbers = asked.map(\.number).suffix(2)
        let members = RoomMembers(version: 5, [NodeMembers(Self.run("other"), others)])
        follower.received(
            .answered(try #require(numbers.first), .presence(.read(members))), at: 5)
        let snapshot = RoomSnapshot(epoch: epoch, lastSeq: 3, oldest: 1)
        follower.received(.answered(try #require(numbers.last), .opened(snapshot)), at: 6)
        #expect(
            follower.takeReplies().last == .following(.lobby, snapshot.with(elsewhere: others)))
        let notice = PresenceNotice(epoch, version: 6, NodeMembers(Self.run("other"), .nobody))
        follower.received(.present(.lobby, notice), at: 7)
        #expect(follower.takeReplies() == [.present(.lobby, .nobody)])
    }

    @Test mutating func `members are told, and nobody when the room is left`() throws {
        _ = try open()
        follower.received(.follow(.lobby), at: 3)
        let ann = RoomPresence(count: 1, usernames: ["ann"])
        follower.received(.present(.lobby, ann), at: 3)
        let told = try #require(takeTold().first)
        #expect(told.presence == ann)
        follower.received(.answered(told.number, .presence(.told(isTaken: true))), at: 4)
        follower.received(.unfollow(.lobby), at: 5)
        let early = takeTold()
        #expect(early.isEmpty && follower.deadline <= 3 + 1_000)
        follower.timePassed(to: 3 + 1_000)
        let later = takeTold()
        #expect(later.map(\.presence) == [.nobody])
    }

    private mutating func takeTold() -> [(number: UInt64, presence: RoomPresence)] {
        follower.takeEffects().compactMap {
            guard case .command(let number, .presence(.tell(_, _, _, .lobby, let presence))) = $0
            else { return nil }
            return (number, presence)
        }
    }
}
