import Chat
import ChatServer
import Simulation
import Testing

/// Clients that come back and want what they have missed. They get all of it, or are told that they
/// can't.
@Suite struct ServerResumeTests {
    @Test(arguments: [Disk?.none, Disk()])
    func `missed lines come from the log, then live lines`(disk: Disk?) throws {
        try play(.generous(), disk: disk) { simulation in
            let (ann, bob) = (simulation.enter(), simulation.enter(as: "bob"))
            simulation.say(ann, lines: 1...5)
            bob.link.reset()
            let seen = try #require(bob.progress)
            simulation.say(ann, lines: 6...9)
            let again = simulation.enter(as: "bob", after: seen)
            simulation.say(ann, lines: 10...12)
            #expect(again.joined?.recovered == true)
            #expect(again.joined?.seq == 9)
            #expect(again.seqs == Array(6...12))
            #expect(again.events("gap") == [])
        }
    }

    @Test func `missed lines come from the store in pages, then live lines`() throws {
        try play(.generous(), disk: Disk()) { simulation in
            let epoch = try simulation.talkAndCrash(lines: 1_000)
            let bob = simulation.join()
            let again = simulation.enter(after: (epoch, 100))
            bob.say("live", as: "bob")
            simulation.settle()
            #expect(again.joined?.recovered == true)
            #expect(again.seqs == Array(101...1_001))
        }
    }

    @Test func `live lines that arrive during pages are neither lost nor repeated`() throws {
        try play(.generous(), disk: Disk()) { simulation in
            let epoch = try simulation.talkAndCrash(lines: 1_000)
            let bob = simulation.join()
            let again = simulation.connect()
            again.handshakeRichly()
            again.join("lobby", after: (epoch, 10))
            for number in 0..<60 {
                bob.say("\(number)", as: "bob")
                simulation.tick()
            }
            simulation.settle()
            #expect(again.seqs == Array(11...1_060))
        }
    }

    @Test func `a client that has missed too much is told so and gets the last lines`() throws {
        try play(.generous { $0.resumeLines = 100 }, disk: Disk()) { simulation in
            let epoch = try simulation.talkAndCrash(lines: 201)
            let (some, many) = (
                simulation.enter(after: (epoch, 101)), simulation.enter(after: (epoch, 100))
            )
            #expect(some.joined?.recovered == true)
            #expect(some.seqs == Array(102...201))
            #expect(many.joined?.recovered == false)
            #expect(many.seqs == Array(152...201))
        }
    }

    @Test(arguments: [("nonsense", UInt64(3)), ("1", 9)])
    func `an unknown epoch or number is not recovered`(epoch: String, seq: UInt64) throws {
        try play(.generous(), disk: Disk()) { simulation in
            let known = try simulation.talkAndCrash(lines: 5)
            #expect(known == "1")
            let again = simulation.enter(after: (epoch, seq))
            #expect(again.joined?.recovered == false)
            #expect(again.seqs == Array(1...5))
        }
    }

    @Test func `a client that has missed nothing is recovered too`() throws {
        try play(.generous(), disk: Disk()) { simulation in
            let epoch = try simulation.talkAndCrash(lines: 5)
            let again = simulation.enter(after: (epoch, 5))
            #expect(again.joined?.recovered == true)
            #expect(again.seqs == [])
        }
    }

    @Test func `deleted lines can't be recovered`() throws {
        try play(.generous(), disk: Disk()) { simulation in
            let epoch = try simulation.talkAndCrash(lines: 100)
            try #require(simulation.store).prune(.lobby, before: 40)
            let (one, other) = (
                simulation.enter(after: (epoch, 39)), simulation.enter(after: (epoch, 38))
            )
            #expect(one.joined?.recovered == true)
            #expect(one.seqs == Array(40...100))
            #expect(other.joined?.recovered == false)
            #expect(other.seqs == Array(51...100))
        }
    }

    @Test func `a page that was read before lines were deleted promises none of them`() throws {
        try play(.generous { $0.roomLogBytes = 100 }, disk: Disk()) { simulation in
            let epoch = try simulation.talkAndCrash(lines: 100)
            let store = try #require(simulation.store)
            _ = simulation.enter(as: "bob", history: 0)
            store.keepSilent()
            let early = simulation.enter(after: (epoch, 10))
            store.prune(.lobby, before: 40)
            simulation.settle()
            store.keepSilent(false)
            simulation.settle()
            #expect(early.seqs == Array(11...100))
            let late = simulation.enter(after: (epoch, 20))
            #expect(late.joined?.recovered == false)
            #expect(late.seqs == Array(51...100))
        }
    }

    @Test func `an epoch that ended with a machine is recovered up to its end`() throws {
        try play(.generous(), disk: Disk(unsafeGroups: 10)) { simulation in
            let ann = simulation.enter()
            simulation.say(ann, lines: 1...10)
            let epoch = try #require(ann.joined?.epoch)
            simulation.crashMachine(losing: 3)
            let (one, other) = (
                simulation.enter(after: (epoch, 7)), simulation.enter(after: (epoch, 8))
            )
            #expect(one.joined?.epoch != epoch)
            #expect(one.joined?.seq == 7)
            #expect(one.joined?.recovered == true)
            #expect(other.joined?.recovered == false)
            simulation.say(one, lines: 8...8)
            #expect(one.seqs == [8])
            #expect(other.seqs == Array(1...8))
        }
    }

    @Test(arguments: [0, 10, 50] as [UInt64])
    func `lines that can't be read now are read later`(seconds: UInt64) throws {
        try play(.generous(), disk: Disk()) { simulation in
            let epoch = try simulation.talkAndCrash(lines: 10)
            let store = try #require(simulation.store)
            let bob = simulation.enter(as: "bob", history: 0)
            store.failReads()
            let again = simulation.enter(after: (epoch, 2))
            simulation.say(bob, lines: 11...11)
            simulation.advance(seconds: seconds)
            #expect(again.joined?.recovered == true)
            #expect(again.seqs == [])
            store.failReads(false)
            simulation.advance(seconds: 2)
            #expect(again.events("gap").isEmpty)
            #expect(again.seqs == Array(3...11))
        }
    }

    @Test func `lines that can't be read for a minute and more are named in a gap`() throws {
        try play(.generous(), disk: Disk()) { simulation in
            let epoch = try simulation.talkAndCrash(lines: 10)
            let store = try #require(simulation.store)
            let bob = simulation.enter(as: "bob", history: 0)
            store.failReads()
            let again = simulation.enter(after: (epoch, 2))
            simulation.advance(seconds: 90)
            store.failReads(false)
            simulation.say(bob, lines: 11...11)
            #expect(again.events("gap").map(\.from) == [3])
            #expect(again.events("gap").map(\.through) == [10])
            #expect(again.seqs == [11])
        }
    }

    @Test func `reads that fail are given up once nobody waits for the lines`() throws {
        try play(.generous(), disk: Disk()) { simulation in
            let epoch = try simulation.talkAndCrash(lines: 10)
            let store = try #require(simulation.store)
            let bob = simulation.enter(as: "bob", history: 0)
            store.failReads()
            let again = simulation.enter(after: (epoch, 2))
            again.leave("lobby")
            simulation.advance(seconds: 5)
            let requests = store.requests.count
            simulation.advance(seconds: 5)
            #expect(store.requests.count == requests)
            #expect(bob.closeCode == nil)
        }
    }
}
