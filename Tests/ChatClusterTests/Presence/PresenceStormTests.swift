import Chat
import ChatCluster
import Simulation
import TestSupport
import Testing

/// Nodes, members, connections and the shard come and go at random.
@Suite struct PresenceStormTests {
    private static let rooms = ["a", "b", "c"].compactMap { RoomName($0) }

    private func presence(_ random: inout SplitMix64) -> RoomPresence {
        switch random.number(in: 0...9) {
        case 0: return .nobody
        case 1: return RoomPresence(count: random.number(in: 201...5_000), usernames: nil)
        case 2:
            let count = random.number(in: 60...200)
            return RoomPresence(count: count, usernames: (0..<count).map { "n\($0)" })
        default:
            let names = (0..<random.number(in: 0...4)).map { _ in
                random.pick(["ann", "bob", "cy", "e\u{301}", "\u{E9}"])
            }
            let count = names.count + random.number(in: 0...1)
            return RoomPresence(count: count, usernames: names)
        }
    }

    @Test(arguments: 0..<200 as Range<UInt64>)
    func `the counts are right soon after a storm`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var faults = PresenceFaults()
        (faults.losses, faults.doubles, faults.lags) = (50, 50, 100)
        faults.delay = UInt64(random.number(in: 0...20))
        var nodes = PresenceNodes(4, faults: faults, seed: random.next())
        for _ in 0..<60 {
            let node = random.number(in: 0...3)
            switch random.number(in: 0...19) {
            case 0: nodes.kill(node)
            case 1: nodes.revive(node)
            case 2: nodes.cut(node, for: UInt64(random.number(in: 0...4_000)))
            case 3: nodes.pause(for: UInt64(random.number(in: 0...3_000)))
            case 4 where random.happens(300): nodes.lose()
            default: nodes.set(presence(&random), in: random.pick(Self.rooms), on: node)
            }
            nodes.run(for: UInt64(random.number(in: 0...400)))
        }
        // What was begun comes to its end, and the dead are noticed.
        nodes.run(for: 9_000)
        for room in Self.rooms { #expect(nodes.errors(in: room) == [], "seed \(seed)") }
        // After the last change, a room is told within a second, and a lost notice is repaired
        // within another.
        for node in 0..<4 { nodes.set(presence(&random), in: Self.rooms[0], on: node) }
        nodes.run(for: 1_000)
        for node in 0..<4 { nodes.set(presence(&random), in: Self.rooms[0], on: node) }
        nodes.run(for: 2_000)
        #expect(nodes.errors(in: Self.rooms[0]) == [], "seed \(seed)")
    }
}
