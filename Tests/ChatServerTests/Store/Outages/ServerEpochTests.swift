import Chat
import ChatServer
import Simulation
import Testing
import WebSocket

/// A new epoch under connected members: the orderer came back, perhaps with less than was known.
@Suite struct ServerEpochTests {
    @Test func `members learn in order where they go on, and nothing is lost`() throws {
        let servers = try Servers(2)
        let (ann, bob) = (servers.enter(0), servers.enter(1, as: "bob"))
        servers.say(ann, 1...3)
        servers.beginEpoch()
        servers.say(bob, 4...5)
        for client in [ann, bob] {
            #expect(client.story == [1, 2, 3, -3, 4, 5])
            let event = try #require(client.events("epoch").first)
            #expect(event.room == "lobby" && event.epoch != client.joined?.epoch)
            #expect(client.events("gap").isEmpty && client.closeCode == nil)
        }
        #expect(servers.violations == [])
    }

    @Test func `numbers go on above lost lines, and a resume says what it can't have`() throws {
        let servers = try Servers(2)
        let (ann, bob) = (servers.enter(0), servers.enter(1, as: "bob"))
        servers.say(ann, 1...5)
        let old = try #require(ann.joined?.epoch)
        servers.beginEpoch(losing: 2)
        servers.say(bob, 6...6)
        #expect(ann.story == [1, 2, 3, 4, 5, -3, 6])
        #expect(bob.story == [1, 2, 3, 4, 5, -3, 6])
        let new = try #require(ann.events("epoch").first?.epoch)
        let early = servers.enter(1, as: "cy", after: (old, 2))
        #expect(early.joined?.recovered == true && early.joined?.epoch == new)
        #expect(early.seqs == [3, 6])
        let certain = servers.enter(1, as: "cy", after: (old, 3))
        #expect(certain.joined?.recovered == true && certain.seqs == [6])
        let beyond = servers.enter(1, as: "cy", after: (old, 4))
        #expect(beyond.joined?.recovered == false && beyond.seqs == [1, 2, 3, 6])
        let told = servers.enter(1, as: "cy", after: (new, 3))
        #expect(told.joined?.recovered == true && told.seqs == [6])
        #expect(servers.violations == [])
    }

    @Test func `if nothing is known of the old epoch, members go on at the head`() throws {
        let servers = try Servers(1)
        let ann = servers.enter()
        servers.say(ann, 1...3)
        servers.beginEpoch(tellsEnds: false)
        servers.say(ann, 4...4)
        #expect(ann.story == [1, 2, 3, -3, 4])
        #expect(servers.violations == [])
    }

    @Test func `members that come at that moment miss nothing`() throws {
        let servers = try Servers(1)
        let ann = servers.enter()
        servers.say(ann, 1...9)
        let epoch = try #require(ann.joined?.epoch)
        servers.beginEpoch(losing: 3, settling: false)
        let (fresh, again) = (servers[0].connect(), servers[0].connect())
        for client in [fresh, again] { client.handshakeRichly() }
        fresh.join("lobby", as: "fresh", id: "join")
        again.join("lobby", as: "again", after: (epoch, 8), id: "join")
        servers.settle()
        servers.say(ann, 10...11)
        for client in [fresh, again] {
            let joined = try #require(client.joined)
            let last = client.events("epoch").last?.epoch ?? joined.epoch
            #expect(last != epoch)
            #expect(client.seqs.suffix(2) == [10, 11])
            #expect(joined.epoch == epoch || joined.recovered != true)
        }
        #expect(servers.violations == [])
    }

    @Test func `an event stream has a gap, with the place where it goes on`() throws {
        let servers = try Servers(1)
        let ann = servers.enter()
        let reader = servers[0].stream()
        servers.settle()
        servers.say(ann, 1...5)
        servers.beginEpoch(losing: 2)
        servers.say(ann, 6...6)
        let gap = try #require(reader.stream.first { $0.type == "gap" })
        let epoch = try #require(ann.events("epoch").first?.epoch)
        #expect(gap.event.epoch == epoch && gap.event.seq == 3)
        #expect(gap.id == "lobby=\(epoch).3.0")
        #expect(reader.streamedSeqs() == [1, 2, 3, 4, 5, 6])
        #expect(reader.lastEventID == "lobby=\(epoch).6.0")
        #expect(servers.violations == [])
    }

    @Test func `changes that may be lost are told`() throws {
        let servers = try Servers(1)
        let bob = servers[0].connectRichly()
        bob.join("lobby", as: "bob", rev: 0, id: "join")
        let ann = servers.enter()
        servers.say(ann, 1...5)
        servers.orderer.delete(seqs: [2], in: .lobby)
        servers.settle()
        servers.beginEpoch()
        servers.say(ann, 6...6)
        let types = bob.types.filter { ["deleted", "epoch", "gap", "room"].contains($0) }
        #expect(types == ["deleted", "epoch", "gap", "room"])
        #expect(bob.events("gap").map(\.rev) == [1])
        #expect(ann.events("gap").isEmpty)
        #expect(servers.violations == [])
    }

    @Test func `the id of a lost line is free again`() throws {
        let servers = try Servers(1)
        let ann = servers.enter()
        ann.say("kept", in: "lobby", id: "1")
        ann.say("lost", in: "lobby", id: "2")
        servers.settle()
        servers.beginEpoch(losing: 1)
        ann.say("kept", in: "lobby", id: "1")
        ann.say("lost", in: "lobby", id: "2")
        servers.settle()
        #expect(ann.events("ack").map(\.seq) == [1, 2, 1, 3])
        #expect(ann.story == [1, 2, -1, 3])
        #expect(servers.violations == [])
    }
}
