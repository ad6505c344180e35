import Chat
import ChatServer
import Simulation
import Testing
import WebSocket

/// A new epoch under members that are behind, and under a crowd.
@Suite struct ServerEpochFeedTests {
    @Test(arguments: [0, 7, 150])
    func `a slow member gets all lines that are certain, then the event`(losing: Int) throws {
        let limits = Limits.generous {
            $0.highWatermark = 4_096
            $0.lowWatermark = 1_024
            $0.roomLogBytes = 4_096
        }
        let servers = try Servers(2, limits: limits)
        let (ann, slow) = (servers.enter(1), servers.enter(0, as: "slow"))
        slow.reads = false
        servers.say(ann, 1...200)
        servers.beginEpoch(losing: losing)
        servers.say(ann, 201...220)
        slow.reads = true
        servers.settle()
        servers.settle()
        let story = slow.story
        let place = try #require(story.firstIndex { $0 < 0 })
        let seen = story[place] == 0 ? 0 : -story[place]
        #expect(seen <= 200 - losing || story[..<place].last == 200)
        #expect(Array(story[..<place].filter { $0 <= seen }) == Array(1..<(seen + 1)))
        let rest = Array((seen + 1)..<221).filter { $0 <= 200 - losing || $0 > 200 }
        #expect(Array(story[(place + 1)...]) == rest)
        #expect(slow.events("gap").isEmpty)
        #expect(servers.violations == [])
    }

    @Test(arguments: [0, 100, 290])
    func `a member that is fed old lines goes on in the new epoch`(losing: Int) throws {
        let limits = Limits.generous {
            $0.highWatermark = 2_048
            $0.lowWatermark = 1_024
            $0.roomLogBytes = 1_024
        }
        let servers = try Servers(1, limits: limits)
        let ann = servers.enter()
        servers.say(ann, 1...300)
        let epoch = try #require(ann.joined?.epoch)
        let late = servers[0].connectRichly()
        late.reads = false
        late.join("lobby", as: "late", after: (epoch, 10), id: "join")
        servers.settle()
        servers.beginEpoch(losing: losing)
        late.reads = true
        servers.settle()
        servers.say(ann, 301...303)
        servers.settle()
        #expect(late.joined?.recovered == true)
        let story = late.story
        let place = try #require(story.firstIndex { $0 < 0 })
        let start = -story[place]
        #expect(Array(story[..<place].filter { $0 <= start }) == Array(11..<(start + 1)))
        let rest = Array((start + 1)..<304).filter { $0 <= 300 - losing || $0 > 300 }
        #expect(Array(story[(place + 1)...]) == rest)
        #expect(late.events("gap").isEmpty)
        #expect(servers.violations == [])
    }

    @Test func `an answer in pieces isn't broken`() throws {
        let limits = Limits.generous {
            $0.highWatermark = 4_096
            $0.lowWatermark = 1_024
            $0.roomLogBytes = 1_024
        }
        let servers = try Servers(1, limits: limits)
        let (ann, bob) = (servers.enter(), servers.enter(as: "bob"))
        for number in 1...200 {
            ann.say("\(number) " + String(repeating: "x", count: 2_000), in: "lobby")
            servers.settle()
        }
        bob.reads = false
        bob.askHistory(of: "lobby", before: 201, limit: 200, id: "h")
        servers[0].settle()
        servers.beginEpoch(losing: 10)
        bob.reads = true
        servers.settle()
        servers.say(ann, 201...202)
        servers.settle()
        #expect(bob.events("history").first?.id == "h")
        #expect(bob.events("epoch").map(\.seq) == [190])
        #expect(bob.seqs.suffix(2) == [201, 202])
        #expect(servers.violations == [])
    }

    @Test func `a crowd of plain clients is sent away a few at a time`() throws {
        let limits = Limits.generous { $0.connections = 3_000 }
        let servers = try Servers(1, limits: limits)
        let simulation = servers[0]
        let crowd = (0..<2_000).map { _ in simulation.connect() }
        for client in crowd { client.handshake() }
        servers.settle()
        let ann = servers.enter()
        servers.say(ann, 1...2)
        servers.beginEpoch(losing: 1, settling: false)
        simulation.world.isWoken = true
        var (left, most): (UInt64, UInt64) = (0, 0)
        for _ in 0..<400 {
            simulation.tick()
            servers.orderer.drain()
            simulation.world.isWoken = true
            let closed = simulation.metrics.closes[1012] ?? 0
            most = max(most, closed - left)
            left = closed
        }
        servers.settle()
        servers.say(ann, 3...3)
        #expect(most > 0 && most <= 96)
        #expect(crowd.allSatisfy { $0.closeCode == .serviceRestart && $0.seqs == [1, 2] })
        #expect(ann.closeCode == nil && ann.story == [1, 2, -1, 3])
        let again = servers[0].join()
        servers.settle()
        servers.say(ann, 4...4)
        #expect(again.seqs == [4])
        #expect(servers.violations == [])
    }
}
