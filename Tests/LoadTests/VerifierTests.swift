import Reactor
import Testing

@testable import hubbub_load

@Suite struct VerifierTests {
    private static let due = Instant(nanoseconds: 123_456_789)

    /// A run in which connections 0 and 1 send, and everybody listens.
    private struct Room {
        var verifier: Verifier
        let format = LineFormat(run: 7, textBytes: 60)

        init(connections: Int = 3, ringBytes: Int = 4096) {
            verifier = Verifier(
                format: format, connections: connections, log: LineLog(ringBytes: ringBytes))
        }

        /// Sends lines and returns them as the server would deliver them.
        mutating func send(_ senders: Int...) -> [[UInt8]] {
            senders.map { sender in
                var message: [UInt8] = []
                format.write(verifier.send(from: sender), due: due, into: &message)
                return message
            }
        }

        mutating func deliver(_ messages: [[UInt8]], to connections: Int...) {
            for connection in connections {
                for message in messages { _ = verifier.received(message.span, by: connection) }
            }
        }

        mutating func finish() -> [Finding] {
            verifier.finish()
            return verifier.findings.first
        }
    }

    private static func id(_ sender: Int, _ counter: Int) -> LineID {
        LineID(sender: sender, counter: counter)
    }

    /// A ring for every message, for one of them, and for none.
    @Test(arguments: [4096, 150, 10])
    func `a run without fault is clean`(ringBytes: Int) {
        var room = Room(ringBytes: ringBytes)
        let lines = room.send(0, 1, 0, 0, 1)
        #expect(!room.verifier.isComplete)
        room.deliver(Array(lines[0..<3]), to: 2)
        room.deliver(lines, to: 1, 0)
        room.deliver(Array(lines[3...]), to: 2)
        #expect(room.verifier.isComplete)
        #expect(room.verifier.delivered == 15)
        #expect(room.finish().isEmpty)
    }

    @Test func `a line tells when it was due, on every connection`() {
        var room = Room()
        let line = room.send(1)[0]
        for connection in 0..<3 {
            let receipt = room.verifier.received(line.span, by: connection)
            #expect(receipt == .line(due: Self.due))
        }
    }

    @Test(arguments: [0, 2])
    func `a loss is found, whether the first or the last connection has it`(loser: Int) {
        var room = Room()
        let lines = room.send(0, 1, 0, 0)
        for connection in 0..<3 {
            let gets = connection == loser ? [lines[0], lines[3]] : lines
            room.deliver(gets, to: connection)
        }
        #expect(!room.verifier.isComplete)
        #expect(
            room.finish() == [
                .lost(connection: loser, sender: 0, counters: 1...1),
                .lost(connection: loser, sender: 1, counters: 0...0),
            ])
    }

    @Test func `lines at the end that one connection lost are told as one`() {
        var room = Room()
        let lines = room.send(0, 0, 0)
        room.deliver(lines, to: 0, 1)
        room.deliver([lines[0]], to: 2)
        #expect(room.finish() == [.lost(connection: 2, sender: 0, counters: 1...2)])
        #expect(room.verifier.findings.counts == [.lost: 2])
    }

    @Test func `lines that nobody got are lost for every connection`() {
        var room = Room()
        let lines = room.send(0, 0, 0, 1)
        room.deliver([lines[1]], to: 0, 1, 2)
        #expect(
            room.finish() == [
                .lost(connection: nil, sender: 0, counters: 0...0),
                .lost(connection: nil, sender: 0, counters: 2...2),
                .lost(connection: nil, sender: 1, counters: 0...0),
            ])
        #expect(room.verifier.findings.counts == [.lost: 9])
    }

    @Test(arguments: [0, 1, 2])
    func `a double is found`(place: Int) {
        var room = Room()
        let lines = room.send(0, 1, 0)
        room.deliver(lines, to: 0)
        room.deliver(Array(lines[...place]) + [lines[0]] + lines[(place + 1)...], to: 1)
        room.deliver(lines, to: 2)
        #expect(room.verifier.isComplete)
        #expect(room.finish() == [.doubled(connection: 1, Self.id(0, 0))])
    }

    @Test func `a double of a line that everybody had long ago is found`() {
        var room = Room(connections: 1)
        let first = room.send(0)
        room.deliver(first, to: 0)
        for _ in 0..<10_000 { room.deliver(room.send(0), to: 0) }
        #expect(room.verifier.log.startIndex > 0)
        room.deliver(first, to: 0)
        #expect(room.finish() == [.doubled(connection: 0, Self.id(0, 0))])
    }

    @Test func `an order that differs from everybody else's is found`() {
        var room = Room()
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
        var room = Room()
        let lines = room.send(0, 0)
        room.deliver([lines[1], lines[0]], to: 0, 1, 2)
        #expect(room.verifier.isComplete)
        #expect(
            room.finish() == [
                .reordered(connection: 0, Self.id(0, 0), behind: Self.id(0, 1))
            ])
    }

    @Test func `a line that the first connections lost is found where it is missing`() {
        var room = Room()
        let lines = room.send(0, 0, 0)
        room.deliver([lines[0], lines[2]], to: 0)
        room.deliver(lines, to: 1, 2)
        #expect(room.finish() == [.lost(connection: 0, sender: 0, counters: 1...1)])
    }

    @Test func `a line behind a lost one may be seen before others have the lost one's place`() {
        var room = Room()
        let lines = room.send(0, 1)
        room.deliver([lines[0]], to: 0)
        room.deliver([lines[1]], to: 1)
        room.deliver(lines, to: 2)
        room.deliver([lines[1]], to: 0)
        #expect(room.finish() == [.lost(connection: 1, sender: 0, counters: 0...0)])
    }

    /// Four connections, some of which lose lines, are read in a random pattern.
    @Test(arguments: 0..<1000)
    func `what a connection lost is blamed on it alone`(seed: Int) {
        var random = SplitMix(state: UInt64(seed))
        let lossRate = Int.random(in: 1...8, using: &random)
        var room = Room(connections: 4)
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
    func `two lines in the other order on one connection are found`(seed: Int) {
        var random = SplitMix(state: UInt64(seed))
        var room = Room(connections: 4)
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

    @Test func `a line that nobody sent is found`() {
        var room = Room()
        var message: [UInt8] = []
        room.format.write(Self.id(0, 0), due: Self.due, into: &message)
        room.deliver([message], to: 1)
        #expect(room.finish() == [.invented(connection: 1, Self.id(0, 0))])
    }

    @Test(arguments: [[0], [1], [0, 1]])
    func `other content is found on every connection that gets it`(connections: [Int]) {
        var room = Room(connections: 2)
        let line = room.send(0)[0]
        var changed = line
        changed[line.count - 4] ^= 1
        for connection in 0..<2 {
            room.deliver([connections.contains(connection) ? changed : line], to: connection)
        }
        #expect(room.verifier.isComplete)
        #expect(room.finish() == connections.map { .corrupt(connection: $0, Self.id(0, 0)) })
    }

    @Test func `other content with the identity of a line that came is no second one`() {
        var room = Room(connections: 1)
        let line = room.send(0)[0]
        var changed = line
        changed[line.count - 4] ^= 1
        room.deliver([line, changed], to: 0)
        #expect(room.finish() == [.corrupt(connection: 0, Self.id(0, 0))])
    }

    @Test func `another due time than that of the others is found`() {
        var room = Room(connections: 2)
        let line = room.send(0)[0]
        var other: [UInt8] = []
        room.format.write(Self.id(0, 0), due: Instant(nanoseconds: 5), into: &other)
        room.deliver([line], to: 0)
        room.deliver([other], to: 1)
        #expect(room.finish() == [.corrupt(connection: 1, Self.id(0, 0))])
    }

    @Test func `a line may be written in another way for each connection`() {
        var room = Room(connections: 2)
        let line = room.send(0)[0]
        room.deliver([line], to: 0)
        room.deliver([Array(#"{"seq":1,"#.utf8) + line.dropFirst()], to: 1)
        #expect(room.verifier.isComplete)
        #expect(room.finish().isEmpty)
    }

    @Test func `what is not of this run is left alone`() {
        var room = Room()
        var other: [UInt8] = []
        LineFormat(run: 8, textBytes: 60).write(Self.id(0, 0), due: Self.due, into: &other)
        for message in [other, Array("{}".utf8), []] {
            let receipt = room.verifier.received(message.span, by: 0)
            #expect(receipt == .foreign)
        }
        #expect(room.finish().isEmpty)
    }

    @Test func `a connection that has ended is told once, and misses nothing more`() {
        var room = Room()
        let lines = room.send(0, 1)
        room.deliver([lines[0]], to: 2)
        room.verifier.ended(2, why: "the server closed it (1013)")
        room.deliver(lines + room.send(0), to: 0, 1)
        #expect(room.verifier.isComplete)
        #expect(
            room.finish() == [.ended(connection: 2, why: "the server closed it (1013)", lines: 1)])
    }
}

/// A sequence of random numbers that a seed repeats (Steele, Lea, Flood 2014).
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = state
        bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
        return bits ^ bits >> 31
    }
}
