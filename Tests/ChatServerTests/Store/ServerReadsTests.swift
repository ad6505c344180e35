import Chat
import Simulation
import Synchronization
import Testing

@testable import ChatServer

/// Reads of the store, and what the store hands over when it opens.
@Suite struct ServerReadsTests {
    @Test(arguments: [false, true])
    func `lines that nobody waits for any more are neither read nor encoded`(closes: Bool) throws {
        try play(.generous(), disk: Disk()) { simulation in
            let epoch = try simulation.talkAndCrash(lines: 300)
            let store = try #require(simulation.store)
            _ = simulation.enter(as: "bob", history: 0)
            func reads() -> Int {
                store.requests.count { if case .read = $0 { true } else { false } }
            }
            store.hang()
            let crowd = (1...20 as ClosedRange<UInt64>).map { number in
                let client = simulation.enter(as: "cy", history: 0)
                if number.isMultiple(of: 2) {
                    client.leave("lobby")
                    client.join("lobby", as: "cy", after: (epoch, number))
                } else {
                    client.askHistory(of: "lobby", before: 200 + number, limit: 100)
                }
                return client
            }
            simulation.settle()
            #expect(reads() == Limits.readsAtOnce)
            #expect(simulation.inspection.waitingForStore == 20)
            for (number, client) in zip(1..., crowd) {
                // A command behind `history` waits like that one.
                if closes || !number.isMultiple(of: 2) {
                    client.link.breakOff()
                } else {
                    client.leave("lobby")
                }
            }
            simulation.settle()
            #expect(simulation.inspection.waitingForStore == 0)
            store.hang(false)
            simulation.tick()
            #expect(simulation.inspection.arrivedPages == 0)
            simulation.settle()
            #expect(reads() == Limits.readsAtOnce)
        }
    }

    /// An orderer that opens with many keys, and knows one room.
    private final class OpeningOrderer: Orderer {
        private let replies: Mutex<[OrdererReply]>
        let appends = Mutex(0)

        init(sends: [StoredSend]) {
            replies = Mutex([.ready(OrdererOpening(epoch: Epoch(number: 1), sends: sends))])
        }

        var metrics: StoreMetrics { StoreMetrics() }

        func submit(_ request: OrdererRequest) {
            if case .append = request { appends.withLock { $0 += 1 } }
            guard case .follow(let room) = request else { return }
            let snapshot = RoomSnapshot(epoch: Epoch(number: 1), lastSeq: 9_000, oldest: 1)
            replies.withLock { $0.append(.following(room, snapshot)) }
        }

        func takeReplies(into taken: inout [OrdererReply]) {
            taken += replies.withLock { replies in
                defer { replies = [] }
                return replies
            }
        }
    }

    @Test func `keys from before a restart take several ticks, and are known at the first join`()
        throws
    {
        let present = Timestamp(milliseconds: World(seed: 0, faults: .none).wallClock)
        let sends = (1...9_000 as ClosedRange<UInt64>).map { seq in
            StoredSend(
                room: .lobby, username: "ann", key: "\(seq)", seq: seq, time: present,
                digest: RecentSends.digest(of: "hi"))
        }
        let orderer = OpeningOrderer(sends: sends)
        let simulation = try Simulation(orderer: orderer)
        let ann = simulation.connectRichly()
        ann.join("lobby", history: 0)
        simulation.tick()
        simulation.world.isWoken = true
        var counts: [Int] = []
        while counts.last != 9_000, counts.count < 20 {
            simulation.tick()
            counts.append(simulation.inspection.recentSends)
        }
        #expect(counts.contains(Limits.sendsRememberedAtOnce))
        #expect(counts.last == 9_000)
        simulation.world.isWoken = true
        simulation.settle()
        simulation.world.isWoken = true
        simulation.settle()
        #expect(ann.joined?.seq == 9_000)
        ann.say("hi", in: "lobby", id: "8999")
        simulation.settle()
        #expect(ann.events("ack").map(\.seq) == [8_999])
        #expect(orderer.appends.withLock { $0 } == 0)
        #expect(simulation.world.violations == [])
    }

    @Test func `memory is given back after a crowd has left`() throws {
        try play(.generous { $0.highWatermark = 10 << 20 }) { simulation in
            let (ann, bob) = (simulation.enter(), simulation.enter(as: "bob"))
            simulation.world.sendBuffer = 1_000
            bob.reads = false
            simulation.say(ann, lines: 1...600, bytes: 9_000)
            #expect(simulation.inspection.accountedBytes > 5 << 20)
            bob.link.breakOff()
            ann.leave("lobby")
            simulation.settle()
            #expect(simulation.world.memoryGivenBack == 0)
            simulation.advance(seconds: 10)
            #expect(simulation.world.memoryGivenBack == 1)
            simulation.advance(seconds: 60)
            #expect(simulation.world.memoryGivenBack == 1)
            #expect(simulation.inspection.accountedBytes == 0)
        }
    }
}
