import Chat
import Reactor
import Simulation
import TestSupport
import Testing

@testable import ChatServer

/// Fan-out, outbox and feeder together. However the kernel takes bytes, each member gets each line
/// once and in order.
@Suite struct DeliveryTests {
    private struct Scene: ~Copyable {
        var random: SplitMix64
        var parts: Parts
        var feeder = Feeder()
        var said = 0

        init(seed: UInt64) {
            random = SplitMix64(seed: seed)
            var limits = Limits()
            (limits.highWatermark, limits.lowWatermark) = (2_000, 500)
            parts = Parts(limits)
        }

        /// Scripts the kernel's answers to the next sends. In the end it takes everything.
        mutating func script(isOver: Bool) {
            parts.network.sendOutcomes = []
            guard !isOver else { return }
            for _ in 0..<8 {
                switch random.number(in: 1...6) {
                case 1...2: parts.network.sendOutcomes.append(.wouldBlock)
                case 3: parts.network.sendOutcomes.append(.exhausted)
                case 4: parts.network.sendOutcomes.append(.sent(random.number(in: 1...100)))
                default: parts.network.sendOutcomes.append(.sent(random.number(in: 100...110)))
                }
            }
        }

        mutating func talk(in room: RoomID) {
            let bytes = random.number(in: 0...200)
            for _ in 0..<random.number(in: 1...3) {
                said += 1
                parts.say(String(repeating: "x", count: bytes), in: room)
            }
            guard let batch = parts.streams.seal(room, pool: &parts.outbox.pool) else { return }
            FanOut.deliver(
                batch, in: room, hasStreams: false, sendsNow: random.happens(500), isOnly: true,
                hub: &parts.hub,
                connections: &parts.connections, outbox: &parts.outbox, over: &parts.network,
                at: parts.now)
            parts.keep(batch, in: room)
            parts.streams.closeBatches(from: 0)
        }

        /// Does the rest of a tick.
        mutating func deliver(to people: [Int], isOver: Bool) {
            for index in people where isOver || random.happens(500) {
                if parts.connections.claimWritable(index, at: CoarseTime(steps: 0)) {
                    parts.outbox.scheduleFlush(index, in: &parts.connections)
                }
            }
            parts.outbox.flush(&parts.connections, over: &parts.network, at: parts.now)
            for index in parts.outbox.flushed
            where parts.hub.isBehind(MemberID(index: index)) {
                feeder.schedule(index, in: &parts.connections)
            }
            parts.outbox.forgetFlushed()
            var history = History(orderer: nil)
            feeder.feed(
                &parts.hub, &parts.streams, &history, &parts.connections, &parts.outbox,
                at: parts.now)
        }
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `each member gets each line once and in order`(seed: UInt64) {
        var scene = Scene(seed: seed)
        let people = (0..<4).map { scene.parts.connect($0.isMultiple(of: 2) ? .rich : .plain) }
        let rooms = people.map { scene.parts.enter($0) }
        var wereBehind = false
        for round in 0..<300 {
            let isOver = round >= 250
            scene.script(isOver: isOver)
            if !isOver { scene.talk(in: rooms[0]) }
            scene.deliver(to: people, isOver: isOver)
            if scene.parts.hub.headCount(of: rooms[0]) < people.count { wereBehind = true }
            for index in people {
                #expect(scene.parts.connections[index].outbound.lineBytes < 4_000)
            }
        }
        #expect(wereBehind)
        for index in people {
            let numbers = scene.parts.texts(index).compactMap { text in
                text.firstMatch(of: #/"seq":(\d+)/#).flatMap { Int($0.1) }
            }
            #expect(numbers == Array(1...scene.said))
        }
        #expect(scene.parts.outbox.linesSent == UInt64(people.count * scene.said))
        #expect(scene.parts.hub.headCount(of: rooms[0]) == people.count)
        #expect(scene.parts.outbox.pool.waitingBytes == 0)
        for index in people { scene.parts.end(index) }
        #expect(scene.parts.chunks == 0)
    }
}
