import Chat
import Logging
import Reactor
import Simulation
import Synchronization
import Testing

@testable import ChatServer

@Suite struct ServerReadinessTests {
    @Test func `a server whose lines wait for a disk that hangs isn't ready`() throws {
        try play(.generous(), logLevel: .warning, disk: Disk()) { simulation in
            let store = try #require(simulation.store)
            let ann = simulation.enter()
            let request = "GET /readyz HTTP/1.1\r\nHost: a\r\n\r\n"
            store.hang()
            ann.say("a", in: "lobby", id: "1")
            simulation.advance(milliseconds: 1_000)
            #expect(simulation.ask(request).status == 200)
            #expect(simulation.logEntries == [])
            simulation.advance(milliseconds: 1_500)
            #expect(simulation.ask(request).status == 503)
            simulation.advance(seconds: 60)
            let warning = "The disk doesn't answer: lines wait to be stored, and /readyz says 503"
            #expect(simulation.messages == [warning])
            store.hang(false)
            simulation.advance(seconds: 1)
            #expect(simulation.ask(request).status == 200)
            #expect(ann.seqs == [1])
            // The next time is told again.
            ann.say("b", in: "lobby", id: "2")
            simulation.advance(seconds: 1)
            store.hang()
            ann.say("c", in: "lobby", id: "3")
            simulation.advance(seconds: 3)
            #expect(simulation.messages == [warning, warning])
        }
    }

    @Test func `the oldest line counts, in whichever group it waits`() {
        func time(_ seconds: UInt32) -> CoarseTime { CoarseTime(steps: seconds * 4) }
        var patience = StorePatience()
        #expect(patience.isOver(at: time(100)) == false)
        patience.collected(at: time(0))
        patience.submitted(all: true, at: time(0))
        patience.collected(at: time(1))
        #expect(patience.isOver(at: time(2)) == false)
        #expect(patience.isOver(at: time(3)) == true)
        // The group was stored in time, and the lines behind it have already waited for a second.
        patience.submitted(all: true, at: time(2))
        #expect(patience.isOver(at: time(2)) == false)
        #expect(patience.ends.steps == time(3).steps + 1)
        #expect(patience.isOver(at: time(4)) == true)
        patience.told()
        #expect(patience.ends == .never)
        patience.settled()
        #expect(patience.isOver(at: time(100)) == false)
    }

    @Test func `a server whose store checks its file isn't ready, but lines wait`() throws {
        var faults = StoreFaults.none
        faults.opening = 5_000
        try play(.generous(), disk: Disk(), storeFaults: faults) { simulation in
            let request = "GET /readyz HTTP/1.1\r\nHost: a\r\n\r\n"
            simulation.settle()
            #expect(simulation.ask(request).status == 200)
            simulation.store?.check()
            simulation.settle()
            #expect(simulation.ask(request).status == 503)
            let ann = simulation.enter()
            ann.say("a", in: "lobby", id: "1")
            simulation.advance(seconds: 6)
            #expect(simulation.ask(request).status == 200)
            #expect(ann.seqs == [1])
            #expect(ann.errors.isEmpty)
        }
    }

    /// An orderer of a cluster: the room `bad` fails, and others don't.
    private final class PartlyFailingOrderer: Orderer {
        private static let epoch = Epoch(number: 1)
        private let replies = Mutex<[OrdererReply]>([
            .ready(OrdererOpening(epoch: epoch, sends: []))
        ])
        let isShared = true

        var metrics: StoreMetrics { StoreMetrics() }

        func fail() { reply(.failing(reason: "a shard is gone")) }

        func submit(_ request: OrdererRequest) {
            switch request {
            case .follow(let room), .catchUp(let room):
                let snapshot = RoomSnapshot(epoch: Self.epoch, lastSeq: 0, oldest: 1)
                reply(.following(room, snapshot))
            case .append(let lines):
                reply(
                    .answered(
                        lines.map { line in
                            line.draft.room.text == "bad"
                                ? .uncertain : .ordered(seq: 1, time: line.draft.time)
                        }))
            case .unfollow, .read, .change, .held, .report, .notify, .present: break
            }
        }

        private func reply(_ reply: OrdererReply) { replies.withLock { $0.append(reply) } }

        func takeReplies(into taken: inout [OrdererReply]) {
            taken += replies.withLock { replies in
                defer { replies = [] }
                return replies
            }
        }
    }

    @Test func `a server isn't ready while a room fails, and lines in others are taken`() throws {
        let orderer = PartlyFailingOrderer()
        let simulation = try Simulation(orderer: orderer)
        let ann = simulation.connectRichly()
        func settle() {
            for _ in 0..<4 {
                simulation.world.isWoken = true
                simulation.settle()
            }
        }
        for room in ["lobby", "bad"] { ann.join(room, history: 0) }
        settle()
        let request = "GET /readyz HTTP/1.1\r\nHost: a\r\n\r\n"
        #expect(simulation.ask(request).status == 200)
        orderer.fail()
        settle()
        #expect(simulation.ask(request).status == 503)
        ann.say("a", in: "lobby", id: "1")
        ann.say("b", in: "bad", id: "2")
        settle()
        #expect(ann.events("ack").map(\.id) == ["1"])
        #expect(ann.errors.map(\.code) == ["store_unavailable"])
        #expect(ann.errors.first?.reason?.contains("It isn't known") == true)
    }
}
