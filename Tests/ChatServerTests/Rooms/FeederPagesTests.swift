import Chat
import Reactor
import Testing

@testable import ChatServer

/// Members that are behind and wait for lines from the store.
@Suite struct FeederPagesTests {
    private struct Scene: ~Copyable {
        var parts: Parts
        var feeder = Feeder()
        var history = History(orderer: nil)
        let room: RoomID
        let index: Int

        /// A room with ten stored lines, and a member that has yet to get the last five.
        init() {
            parts = Parts(isStored: true)
            room =
                parts.hub.following(
                    .lobby, RoomSnapshot(epoch: Epoch(number: 1), lastSeq: 10, oldest: 1)
                ).room
            parts.streams.appeared(room)
            index = parts.connect(.rich)
            parts.enter(index, last: 5)
        }

        var id: MembershipID { parts.membership(index, in: room) }
        var isReading: Bool { parts.hub.membership(id).isReading }
        var isBehind: Bool { parts.hub.isBehind(id) }

        mutating func feed() {
            feeder.feed(
                &parts.hub, &parts.streams, &history, &parts.connections, &parts.outbox,
                at: parts.now)
        }

        /// Lets members that have nothing in the log ask the store.
        mutating func ask(_ others: [Int] = []) {
            for index in [index] + others { feeder.schedule(index, in: &parts.connections) }
            feed()
        }

        /// Lines that were requested from number 6 on have arrived. Nil if they could not be read.
        mutating func arrived(
            _ seqs: ClosedRange<UInt64>?, from: UInt64 = 6, bytes: Int = 2,
            encodedAs encoded: Int = 0, for others: [Int] = []
        ) {
            let lines = (seqs.map { Array($0) } ?? []).map { seq in
                Line(
                    seq: seq, time: Timestamp(milliseconds: 0), username: "ann",
                    message: String(repeating: "x", count: bytes))
            }
            let batch = seqs.map { seqs in
                parts.streams.encode(
                    lines, covering: seqs, of: room, named: .lobby, clock: &parts.clock,
                    pool: &parts.outbox.pool)
            }
            let members = ([index] + others).map { parts.connections.token(at: $0) }
            feeder.arrived(
                ArrivedPage(
                    key: ReadQueue.Key(room: .lobby, from: from), first: seqs?.lowerBound,
                    through: seqs?.upperBound, batch: batch, members: members),
                encodedAs: encoded)
        }

        /// The texts that the kernel took. Lines are reduced to their numbers.
        func told() -> [String] { told(index) }

        func told(_ index: Int) -> [String] {
            parts.texts(index).map { text in
                text.firstMatch(of: #/"type":"message".*"seq":(\d+)/#).map { String($0.1) } ?? text
            }
        }
    }

    @Test func `a member that was promised stored lines asks once and waits`() {
        var scene = Scene()
        scene.ask()
        #expect(scene.isReading == true)
        scene.ask()
        #expect(scene.isReading == true)
        #expect(scene.isBehind == true)
        #expect(scene.parts.outbox.isPending == false)
        #expect(scene.feeder.gaps == 0)
    }

    @Test func `a page brings a member to the head, and its lines go into the log`() {
        var scene = Scene()
        scene.ask()
        scene.arrived(6...10)
        #expect(scene.feeder.isPending == true)
        scene.feed()
        #expect((scene.isReading, scene.isBehind) == (false, false))
        scene.parts.flush()
        #expect(scene.told() == ["6", "7", "8", "9", "10"])
        #expect(scene.parts.streams.firstSeq(of: scene.room) == 6)
        #expect(scene.feeder.isPending == false)
        #expect((scene.feeder.arrivedPages, scene.parts.chunks) == (0, 1))
    }

    @Test func `after a page that ends early the next one is requested`() {
        var scene = Scene()
        scene.ask()
        scene.arrived(6...8)
        scene.feed()
        #expect((scene.isReading, scene.isBehind) == (true, true))
        scene.parts.flush()
        #expect(scene.told() == ["6", "7", "8"])
        // It doesn't end where the log begins.
        #expect(scene.parts.streams.firstSeq(of: scene.room) == nil)
        #expect(scene.parts.chunks == 0)
        scene.arrived(9...10, from: 9)
        scene.feed()
        scene.parts.flush()
        #expect(scene.told() == ["6", "7", "8", "9", "10"])
        #expect(scene.isBehind == false)
    }

    @Test func `lines that the store has deleted are reported as a gap`() {
        var scene = Scene()
        scene.ask()
        scene.arrived(8...10)
        scene.feed()
        scene.parts.flush()
        let gap = #"{"type":"gap","room":"lobby","from":6,"to":7,"missed":2}"#
        #expect(scene.told() == [gap, "8", "9", "10"])
        #expect(scene.feeder.gaps == 1)
        #expect(scene.isBehind == false)
    }

    @Test func `without stored lines a member gets the lines in the log and misses the rest`() {
        var scene = Scene()
        scene.ask()
        scene.arrived(nil)
        scene.feed()
        #expect((scene.isReading, scene.isBehind) == (false, false))
        scene.parts.flush()
        #expect(
            scene.told() == [#"{"type":"gap","room":"lobby","from":6,"to":10,"missed":5}"#])
    }

    @Test func `a member that is gone or waits for other lines gets nothing of a page`() {
        var scene = Scene()
        scene.ask()
        scene.arrived(7...10, from: 7)
        scene.feed()
        #expect(scene.isReading == true)
        scene.arrived(6...9)
        scene.parts.hub.reads(scene.id, false)
        scene.feed()
        scene.parts.flush()
        #expect(scene.told() == [])
        scene.arrived(6...9)
        scene.parts.end(scene.index)
        scene.feed()
        #expect(scene.feeder.arrivedPages == 0)
        #expect(scene.parts.chunks == 0)
    }

    @Test func `a member whose ring has filled in the meantime asks again when it has drained`() {
        var scene = Scene()
        scene.ask()
        scene.parts.connections.becameBlocked(scene.index, over: &scene.parts.network)
        scene.parts.outbox.enqueueBytes(
            for: scene.index, lane: .lines, in: &scene.parts.connections, at: scene.parts.now
        ) { $0 += [UInt8](repeating: 0, count: 300_000) }
        scene.arrived(6...8)
        scene.feed()
        #expect((scene.isReading, scene.isBehind) == (false, true))
        #expect(scene.parts.hub.membership(scene.id).cursor == 5)
        #expect(scene.parts.connections[scene.index].outbound.lineBytes == 300_000)
    }

    /// What was encoded in the tick counts in its share, of which a quarter is left at least.
    @Test(arguments: [(0, [20, 29]), (2 * Limits.feedBytesPerTick, [5, 26, 29])])
    func `a page goes to a limited number of members in a tick, and to the others later`(
        _ encoded: Int, _ expected: [Int]
    ) {
        var scene = Scene()
        let others = (0..<29).map { _ in
            let index = scene.parts.connect(.rich)
            scene.parts.enter(index, last: 5)
            return index
        }
        scene.ask(others)
        scene.arrived(6...10, bytes: 10_000, encodedAs: encoded, for: others)
        var counts: [Int] = []
        while scene.feeder.isPending {
            scene.feed()
            scene.parts.flush()
            counts.append(others.count { !scene.told($0).isEmpty })
        }
        // They take 50 KiB each of a share of 1 MiB. One was served before the others.
        #expect(counts == expected)
        #expect(others.allSatisfy { scene.told($0) == ["6", "7", "8", "9", "10"] })
        #expect(scene.parts.chunks == 1)
    }
}
