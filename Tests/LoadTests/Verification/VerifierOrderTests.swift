import TestSupport
import Testing

@testable import hubbub_load

@Suite struct VerifierOrderTests {
    private static func id(_ sender: Int, _ counter: Int) -> LineID {
        LineID(sender: sender, counter: counter)
    }

    @Test func `an order that differs from all others is found`() {
        var room = VerifiedRoom()
        let lines = room.send(0, 1, 0)
        room.deliver(lines, to: 0, 1)
        room.deliver([lines[1], lines[0], lines[2]], to: 2)
        #expect(room.verifier.isComplete)
        #expect(
            room.finish() == [
                .reordered(connection: 2, Self.id(0, 0), behind: Self.id(1, 0))
            ])
    }

    @Test func `an order that is the same for all, but not the sender's, is found`() {
        var room = VerifiedRoom()
        let lines = room.send(0, 0)
        room.deliver([lines[1], lines[0]], to: 0, 1, 2)
        #expect(room.verifier.isComplete)
        #expect(
            room.finish() == [
                .reordered(connection: 0, Self.id(0, 0), behind: Self.id(0, 1))
            ])
    }

    @Test func `a line that the first connections lost is found where it is missing`() {
        var room = VerifiedRoom()
        let lines = room.send(0, 0, 0)
        room.deliver([lines[0], lines[2]], to: 0)
        room.deliver(lines, to: 1, 2)
        #expect(room.finish() == [.lost(connection: 0, sender: 0, counters: 1...1)])
    }

    @Test func `a line after a lost one may arrive before the lost one's place is known`() {
        var room = VerifiedRoom()
        let lines = room.send(0, 1)
        room.deliver([lines[0]], to: 0)
        room.deliver([lines[1]], to: 1)
        room.deliver(lines, to: 2)
        room.deliver([lines[1]], to: 0)
        #expect(room.finish() == [.lost(connection: 1, sender: 0, counters: 0...0)])
    }

    /// Four connections, some of which lose lines, are read in a random pattern.
    @Test(arguments: 0..<1000)
    func `a lost line is attributed only to its connection`(seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        let lossRate = Int.random(in: 1...8, using: &random)
        var room = VerifiedRoom(connections: 4)
        let lines = (0..<12).map { _ in room.send(Int.random(in: 0..<3, using: &random))[0] }
        var (lost, next) = (0, Array(repeating: 0, count: 4))
        while let connection = next.indices.filter({ next[$0] < lines.count })
            .randomElement(using: &random)
        {
            if Int.random(in: 0..<20, using: &random) < lossRate {
                lost += 1
            } else {
                room.deliver([lines[next[connection]]], to: connection)
            }
            next[connection] += 1
        }
        room.verifier.finish()
        #expect(room.verifier.findings.counts[.lost, default: 0] == lost, "seed \(seed)")
        #expect(room.verifier.findings.count == lost, "seed \(seed)")
    }

    @Test(arguments: 0..<200)
    func `two swapped lines on one connection are found`(seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        var room = VerifiedRoom(connections: 4)
        let lines = (0..<12).map { _ in room.send(Int.random(in: 0..<3, using: &random))[0] }
        var swapped = lines
        let place = Int.random(in: 0..<11, using: &random)
        swapped.swapAt(place, place + 1)
        var next = Array(repeating: 0, count: 4)
        while let connection = next.indices.filter({ next[$0] < lines.count })
            .randomElement(using: &random)
        {
            let line = (connection == 0 ? swapped : lines)[next[connection]]
            room.deliver([line], to: connection)
            next[connection] += 1
        }
        #expect(room.verifier.isComplete, "seed \(seed)")
        room.verifier.finish()
        #expect(Array(room.verifier.findings.counts.keys) == [.reordered], "seed \(seed)")
    }
}
