import ChatServer
import Reactor
import Simulation
import Testing

/// Presence, as members of the rich dialect get it.
@Suite struct ServerPresenceTests {
    /// Clients that don't read can soon take no more.
    private static let narrow = Limits.generous {
        $0.highWatermark = 2_000
        $0.lowWatermark = 500
    }

    @Test func `joins and leaves are reported within about a second`() throws {
        try play(.generous()) { simulation in
            let ann = simulation.enter()
            simulation.advance(seconds: 2)
            let bob = simulation.enter(as: "bob")
            _ = simulation.join()
            #expect(bob.joined?.memberCount == 2)
            simulation.advance(milliseconds: 1_500)
            #expect(ann.events("presence").map(\.count) == [3])
            #expect(ann.events("presence").map(\.joined) == [["bob"]])
            #expect(ann.events("presence").map(\.left) == [[]])
            bob.leave("lobby")
            simulation.advance(milliseconds: 1_500)
            #expect(ann.events("presence").last?.count == 2)
            #expect(ann.events("presence").last?.left == ["bob"])
            #expect(ann.events("presence").last?.joined == [])
        }
    }

    @Test func `a room's presence comes at most once a second`() throws {
        try play(.generous()) { simulation in
            let ann = simulation.enter()
            var times: [UInt64] = []
            for number in 0..<300 {
                if number.isMultiple(of: 3) { _ = simulation.enter(as: "n\(number)") }
                let before = ann.events("presence").count
                simulation.advance(milliseconds: 50)
                let new = ann.events("presence").count - before
                times += Array(repeating: simulation.world.now.milliseconds, count: new)
            }
            #expect(times.count >= 10)
            // The steps above are 50 ms wide.
            for (time, next) in zip(times, times.dropFirst()) { #expect(next - time >= 950) }
            simulation.advance(seconds: 2)
            #expect(ann.events("presence").last?.count == 101)
        }
    }

    @Test func `a member that has already left isn't reported`() throws {
        try play(.generous()) { simulation in
            let ann = simulation.enter()
            simulation.advance(seconds: 2)
            let before = ann.events("presence").count
            let bob = simulation.enter(as: "bob")
            bob.leave("lobby")
            simulation.advance(seconds: 3)
            #expect(ann.events("presence").count == before)
        }
    }

    @Test func `if a member joins amid changes that cancel out, all are told the count`() throws {
        try play(.generous()) { simulation in
            let (ann, bob) = (simulation.enter(), simulation.enter(as: "bob"))
            simulation.advance(seconds: 2)
            let before = ann.events("presence").count
            let number = try #require(ann.events("presence").last?.number)
            let again = simulation.enter(as: "bob")
            #expect(again.joined?.memberCount == 3)
            bob.link.reset()
            simulation.advance(seconds: 3)
            #expect(again.events("presence").map(\.count) == [2])
            #expect(ann.events("presence").count == before + 1)
            for client in [ann, again] {
                #expect(client.events("presence").last?.number == number + 1)
                #expect(client.events("presence").last?.joined == [])
                #expect(client.events("presence").last?.left == [])
            }
        }
    }

    @Test func `a member that joins again amid changes that cancel out is told the count`() throws {
        try play(.generous()) { simulation in
            let ann = simulation.enter()
            simulation.advance(seconds: 2)
            let bob = simulation.join()
            ann.join("lobby")
            simulation.settle()
            #expect(ann.joined?.memberCount == 2)
            bob.link.reset()
            simulation.advance(seconds: 3)
            #expect(ann.events("presence").last?.count == 1)
        }
    }

    @Test func `a new name is reported as one that joined and one that left`() throws {
        try play(.generous()) { simulation in
            let (ann, bob) = (simulation.enter(), simulation.enter(as: "bob"))
            simulation.advance(seconds: 2)
            bob.say("x", in: "lobby", as: "bobby")
            simulation.advance(seconds: 2)
            #expect(ann.events("presence").last?.joined == ["bobby"])
            #expect(ann.events("presence").last?.left == ["bob"])
            #expect(ann.events("presence").last?.count == 2)
        }
    }

    @Test func `up to 200 members are named, more are only counted`() throws {
        let limits = Limits.generous { $0.connections = 300 }
        try play(limits) { simulation in
            let ann = simulation.enter()
            let others = (2...200).map { simulation.enter(as: "n\($0)") }
            simulation.advance(seconds: 3)
            ann.askMembers(of: "lobby")
            simulation.settle()
            #expect(ann.events("members").last?.usernames?.count == 200)
            _ = simulation.enter(as: "n201")
            ann.askMembers(of: "lobby")
            simulation.advance(seconds: 3)
            #expect(ann.events("members").last?.count == 201)
            #expect(ann.events("members").last?.usernames == nil)
            #expect(ann.events("presence").last?.count == 201)
            #expect(ann.events("presence").last?.joined == nil)
            others[0].leave("lobby")
            simulation.advance(seconds: 3)
            #expect(ann.events("presence").last?.count == 200)
            #expect(ann.events("presence").last?.left == ["n2"])
        }
    }

    @Test func `each room has a list of its own, also in the place of another`() throws {
        try play(.generous()) { simulation in
            let ann = simulation.enter("one", as: "ann")
            let cy = simulation.enter("three", as: "cy")
            for client in [ann, cy, ann] {
                client.askMembers(of: client === ann ? "one" : "three")
                simulation.settle()
            }
            #expect(ann.events("members").map(\.usernames) == [["ann"], ["ann"]])
            #expect(cy.events("members").last?.usernames == ["cy"])
            ann.leave("one")
            simulation.settle()
            // The new room has as many changes as the one that has vanished.
            let bob = simulation.enter("two", as: "bob")
            bob.askMembers(of: "two")
            simulation.settle()
            #expect(bob.events("members").last?.usernames == ["bob"])
        }
    }

    @Test func `a crowd that arrives at once costs each member only a few events`() throws {
        let limits = Limits.generous { $0.connections = 2_000 }
        try play(limits) { simulation in
            let crowd = (0..<1_000).map { _ in
                let client = simulation.connect()
                client.handshakeRichly()
                client.join("lobby")
                return client
            }
            simulation.advance(seconds: 5)
            #expect(crowd.allSatisfy { $0.joined != nil })
            #expect(crowd.allSatisfy { $0.events("presence").count <= 3 })
            let told = crowd.compactMap {
                $0.events("presence").last?.count ?? $0.joined?.memberCount
            }
            #expect(told == Array(repeating: 1_000, count: 1_000))
        }
    }

    @Test func `a member that is behind is told the count when it has caught up`() throws {
        try play(Self.narrow) { simulation in
            simulation.world.sendBuffer = 1_000
            let (ann, slow) = (simulation.enter(), simulation.enter(as: "bob"))
            simulation.advance(seconds: 2)
            slow.reads = false
            simulation.say(ann, lines: 1...50, bytes: 100)
            let before = slow.events("presence").count
            _ = (simulation.enter(as: "cy"), simulation.join())
            simulation.advance(seconds: 3)
            slow.reads = true
            simulation.settle()
            #expect(slow.seqs == Array(1...50))
            #expect(slow.events("presence").dropFirst(before).map(\.count) == [4])
        }
    }

    @Test func `a reader that can't take an event is told the count once it can`() throws {
        try play(Self.narrow) { simulation in
            simulation.world.sendBuffer = 1_000
            let (ann, reader) = (simulation.enter(), simulation.stream())
            simulation.advance(seconds: 2)
            reader.reads = false
            // After a single batch it is still at the head, but can't take more.
            let padding = String(repeating: "x", count: 200)
            for number in 1...30 { ann.say("\(number) \(padding)", in: "lobby") }
            simulation.settle()
            _ = simulation.enter(as: "bob")
            simulation.advance(seconds: 3)
            reader.reads = true
            simulation.settle()
            #expect(reader.streamedSeqs() == Array(1...30))
            let told = reader.stream.filter { $0.type == "presence" }
            #expect(told.last?.event.count == 3)
        }
    }
}
