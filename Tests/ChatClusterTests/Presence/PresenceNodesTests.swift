import Chat
import Simulation
import Testing

@testable import ChatCluster

/// What several nodes tell each other of their members.
@Suite struct PresenceNodesTests {
    private static func named(_ names: String...) -> RoomPresence {
        RoomPresence(count: names.count, usernames: names)
    }

    private static func crowd(_ count: Int) -> RoomPresence {
        RoomPresence(count: count, usernames: (0..<count).map { "n\($0)" })
    }

    private var nodes = PresenceNodes(3, seed: 1)
    private let lobby = RoomName.lobby

    @Test mutating func `members are told on all nodes that have some`() {
        nodes.run(for: 100)
        nodes.set(Self.named("ann", "bob"), in: lobby, on: 0)
        nodes.set(Self.named("ann"), in: lobby, on: 1)
        nodes.run(for: 50)
        #expect(nodes.elsewhere(0, lobby) == Self.named("ann"))
        #expect(nodes.elsewhere(1, lobby) == Self.named("ann", "bob"))
        #expect(nodes.news[2].isEmpty)
        // A node that comes later reads who is there.
        nodes.set(RoomPresence(count: 1, usernames: []), in: lobby, on: 2)
        nodes.run(for: 50)
        #expect(nodes.elsewhere(2, lobby) == Self.named("ann", "ann", "bob"))
        #expect(nodes.elsewhere(0, lobby) == RoomPresence(count: 2, usernames: ["ann"]))
        nodes.set(.nobody, in: lobby, on: 0)
        nodes.run(for: 1_100)
        #expect(nodes.elsewhere(1, lobby) == RoomPresence(count: 1, usernames: []))
        #expect(nodes.errors(in: lobby) == [])
    }

    @Test mutating func `a room is told once a second, and what cancels out isn't told`() {
        nodes.set(Self.named("bob"), in: lobby, on: 1)
        nodes.set(Self.named("ann"), in: lobby, on: 0)
        nodes.run(for: 100)
        for _ in 0..<3 {
            nodes.set(Self.named("ann", "cy"), in: lobby, on: 0)
            nodes.run(for: 200)
            nodes.set(Self.named("ann"), in: lobby, on: 0)
            nodes.run(for: 50)
        }
        nodes.run(for: 2_000)
        #expect(nodes.news[1].map(\.presence) == [Self.named("ann")])
        for count in 1...50 {
            nodes.set(Self.crowd(count), in: lobby, on: 0)
            nodes.run(for: 100)
        }
        #expect(5...7 ~= nodes.news[1].count)
        nodes.run(for: 1_000)
        #expect(nodes.elsewhere(1, lobby) == Self.crowd(50))
    }

    @Test mutating func `more than 200 members have no names, whatever each node has`() {
        nodes.set(Self.named("ann"), in: lobby, on: 0)
        nodes.set(Self.crowd(150), in: lobby, on: 1)
        nodes.run(for: 1_000)
        #expect(nodes.elsewhere(0, lobby) == Self.crowd(150))
        nodes.set(Self.crowd(60), in: lobby, on: 2)
        nodes.run(for: 1_000)
        #expect(nodes.elsewhere(0, lobby) == RoomPresence(count: 210, usernames: nil))
        nodes.set(Self.crowd(50), in: lobby, on: 2)
        nodes.run(for: 1_100)
        #expect(nodes.elsewhere(0, lobby).usernames?.count == 200)
        nodes.set(RoomPresence(count: 100_000, usernames: nil), in: lobby, on: 2)
        nodes.run(for: 1_100)
        #expect(nodes.elsewhere(0, lobby) == RoomPresence(count: 100_150, usernames: nil))
        #expect(nodes.errors(in: lobby) == [])
    }

    /// Members are told within another second.
    @Test(arguments: 0..<20)
    func `the members of a node that died are gone within 4 s`(seed: UInt64) {
        var nodes = PresenceNodes(3, seed: seed)
        for node in 0..<3 { nodes.set(Self.named("n\(node)"), in: lobby, on: node) }
        nodes.run(for: 3_000 + seed * 37)
        #expect(nodes.errors(in: lobby) == [])
        nodes.kill(2)
        nodes.run(for: 4_000)
        #expect(nodes.errors(in: lobby) == [])
        #expect(nodes.elsewhere(0, lobby) == Self.named("n1"))
        // It comes back under its name, and what its former life has told counts no more.
        nodes.revive(2)
        nodes.run(for: 600)
        #expect(nodes.elsewhere(0, lobby) == Self.named("n1"))
        nodes.set(Self.named("new"), in: lobby, on: 2)
        nodes.run(for: 600)
        #expect(nodes.elsewhere(0, lobby) == Self.named("n1", "new"))
        #expect(nodes.elsewhere(2, lobby) == Self.named("n0", "n1"))
    }

    @Test mutating func `ghosts are gone for a node that starts after all have died`() {
        for node in 0..<3 { nodes.set(Self.named("n\(node)"), in: lobby, on: node) }
        nodes.run(for: 1_000)
        for node in 0..<3 { nodes.kill(node) }
        nodes.run(for: 100)
        nodes.revive(0)
        nodes.set(Self.named("ann"), in: lobby, on: 0)
        nodes.run(for: 4_000)
        #expect(nodes.errors(in: lobby) == [])
    }

    @Test mutating func `a node that was cut off keeps what it knows, and tells again`() {
        for node in 0..<3 { nodes.set(Self.named("n\(node)"), in: lobby, on: node) }
        nodes.run(for: 2_000)
        nodes.cut(0, for: 10_000)
        let told = nodes.news[0].count
        nodes.run(for: 5_000)
        #expect(nodes.elsewhere(0, lobby) == Self.named("n1", "n2"))
        #expect(nodes.elsewhere(1, lobby) == Self.named("n2"))
        nodes.set(Self.named("n0", "late"), in: lobby, on: 0)
        nodes.run(for: 7_000)
        #expect(nodes.elsewhere(1, lobby) == Self.named("late", "n0", "n2"))
        #expect(nodes.errors(in: lobby) == [])
        // It has told its server nothing else.
        #expect(nodes.news[0].count == told)
    }

    @Test(arguments: [300, 900, 1_400, 3_000, 9_000] as [UInt64])
    func `a shard that stands still kills nobody`(milliseconds: UInt64) {
        var nodes = PresenceNodes(3, seed: milliseconds)
        for node in 0..<3 { nodes.set(Self.named("n\(node)"), in: lobby, on: node) }
        nodes.run(for: 2_000)
        let before = nodes.news.map(\.count)
        nodes.pause(for: milliseconds)
        nodes.run(for: milliseconds + 5_000)
        #expect(nodes.news.map(\.count) == before)
        #expect(nodes.errors(in: lobby) == [])
    }

    @Test mutating func `a notice that was lost is repaired within a second`() {
        nodes.faults.losses = 1_000
        for node in 0..<3 { nodes.set(Self.named("n\(node)"), in: lobby, on: node) }
        nodes.run(for: 650)
        #expect(nodes.errors(in: lobby) == [])
        nodes.set(Self.named("n0", "late"), in: lobby, on: 0)
        nodes.run(for: 1_000)
        #expect(nodes.errors(in: lobby) == [])
    }

    @Test mutating func `a shard that has lost its data is told again, and servers notice nothing`()
    {
        for node in 0..<3 { nodes.set(Self.named("n\(node)"), in: lobby, on: node) }
        nodes.run(for: 2_000)
        let before = nodes.news.map(\.count)
        nodes.lose()
        nodes.run(for: 3_000)
        #expect(nodes.news.map(\.count) == before)
        nodes.set(Self.named("n0", "late"), in: lobby, on: 0)
        nodes.run(for: 1_000)
        #expect(nodes.errors(in: lobby) == [])
        #expect(nodes.elsewhere(1, lobby).count == 3)
    }

    @Test mutating func `a shard may forget a room, which is told again in time`() {
        for node in 0..<3 { nodes.set(Self.named("n\(node)"), in: lobby, on: node) }
        nodes.run(for: 2_000)
        nodes.forget(lobby)
        nodes.run(for: 1_000)
        nodes.set(Self.named("n0", "late"), in: lobby, on: 0)
        nodes.run(for: PresenceLimits.renewal + 1_000)
        #expect(nodes.errors(in: lobby) == [])
    }

    @Test mutating func `a node with many rooms tells them one part after another`() {
        let rooms = (0..<1_200).compactMap { RoomName("room-\($0)") }
        for room in rooms {
            nodes.set(Self.named("ann"), in: room, on: 0)
            nodes.set(Self.named("bob"), in: room, on: 1)
        }
        nodes.run(for: 1_000)
        for room in rooms { #expect(nodes.errors(in: room) == []) }
        let before = nodes.commands
        nodes.run(for: 3_000)
        // Two attendances of 1 024 rooms at most, twice a second, and one of a node without rooms.
        #expect(nodes.commands - before <= 7 * 5)
        for room in rooms { nodes.set(.nobody, in: room, on: 0) }
        nodes.run(for: 2_000)
        for room in rooms { #expect(nodes.errors(in: room) == []) }
    }
}
