import Chat
import Simulation
import Testing
import WebSocket

@testable import ChatServer

/// Several servers share rooms through one orderer, which works on another thread.
@Suite struct ServerFollowerTests {
    private static let lobby = RoomName.lobby

    private func enter(_ servers: Servers, _ number: Int, as name: String) -> Client {
        let client = servers[number].connectRichly()
        client.join("lobby", as: name, id: "join")
        servers.settle()
        return client
    }

    @Test func `a line said on one server reaches all servers in the same order`() throws {
        let servers = try Servers(3)
        let plain = servers.simulations.map { $0.join() }
        let ann = enter(servers, 0, as: "ann")
        servers.settle()
        for number in 1...20 {
            plain[number % 3].say("\(number)")
            if number % 5 == 0 { servers.settle() }
        }
        ann.say("last", in: "lobby", id: "1")
        servers.settle()
        let heard = plain[0].lines.map(\.message)
        #expect(heard.count == 21)
        for client in plain {
            #expect(client.seqs == Array(1...21))
            #expect(client.lines.map(\.message) == heard)
        }
        #expect(ann.events("ack").map(\.seq).count == 1)
        #expect(servers.violations == [])
    }

    @Test func `a server that takes nothing lags, and its members miss no line`() throws {
        let servers = try Servers(2, mailbox: 5)
        let (ann, plain) = (enter(servers, 1, as: "ann"), servers[1].join())
        let speaker = servers[0].join()
        servers.settle()
        speaker.say("1")
        servers.settle()
        for number in 2...60 {
            speaker.say("\(number)")
            // The other server does nothing.
            servers.settle([0])
        }
        #expect(speaker.seqs == Array(1...60))
        #expect(plain.seqs == [1])
        servers.settle()
        #expect(ann.seqs == Array(1...60))
        #expect(plain.seqs == Array(1...60))
        #expect(ann.events("gap").isEmpty)
        speaker.say("61")
        servers.settle()
        #expect(ann.seqs.last == 61 && plain.seqs.last == 61)
        #expect(servers.violations == [])
    }

    @Test func `an id is recognised on every server`() throws {
        let servers = try Servers(2)
        let (ann, again) = (enter(servers, 0, as: "ann"), enter(servers, 1, as: "ann"))
        ann.say("hi", in: "lobby", id: "7")
        servers.settle()
        again.say("hi", in: "lobby", id: "7")
        again.say("ho", in: "lobby", id: "7")
        servers.settle()
        #expect(ann.events("ack").map(\.seq) == [1])
        #expect(again.events("ack").map(\.seq) == [1])
        #expect(again.errorCodes == ["id_reused"])
        #expect(ann.seqs == [1] && again.seqs == [1])
        #expect(servers.violations == [])
    }

    @Test(arguments: [true, false])
    func `a line whose answer was lost is said once and acknowledged`(isOrdered: Bool) throws {
        let servers = try Servers(2)
        let (ann, bob) = (enter(servers, 0, as: "ann"), enter(servers, 1, as: "bob"))
        servers.followers[0].loseAnswers(toNext: 2, ordering: isOrdered)
        ann.say("hi", in: "lobby", id: "1")
        ann.say("ho", in: "lobby", id: "2")
        servers.settle()
        #expect(ann.events("ack").map(\.seq) == [1, 2])
        #expect(bob.lines.map(\.message) == ["hi", "ho"])
        #expect(servers.violations == [])
    }

    @Test func `a deleted line is in no answer and leaves its number`() throws {
        let servers = try Servers(2)
        let (ann, bob) = (enter(servers, 0, as: "ann"), enter(servers, 1, as: "bob"))
        for number in 1...5 { ann.say("line \(number)", in: "lobby") }
        servers.settle()
        servers.orderer.delete(seqs: [2, 4], in: Self.lobby)
        servers.settle()
        #expect(bob.seqs == Array(1...5))
        bob.askHistory(of: "lobby", before: 6, limit: 10, id: "h")
        servers.settle()
        let history = try #require(bob.events("history").last)
        #expect(history.messages?.compactMap(\.seq) == [1, 3, 5])
        let cy = servers[1].connectRichly()
        cy.join("lobby", as: "cy", history: 10, id: "join")
        servers.settle()
        #expect(cy.seqs == [1, 3, 5])
        ann.say("line 6", in: "lobby")
        servers.settle()
        #expect(cy.seqs == [1, 3, 5, 6] && bob.seqs == Array(1...6))
        #expect(servers.violations == [])
    }

    @Test
    func `a server stops following a room with its last member, and others continue`() throws {
        let servers = try Servers(2)
        let (ann, bob) = (enter(servers, 0, as: "ann"), enter(servers, 1, as: "bob"))
        ann.leave("lobby", id: "l")
        servers.settle()
        bob.say("alone", in: "lobby")
        servers.settle()
        #expect(servers[0].inspection.rooms == 0)
        ann.join("lobby", as: "ann", history: 10, id: "again")
        servers.settle()
        bob.say("together", in: "lobby")
        servers.settle()
        #expect(ann.lines.map(\.message) == ["alone", "together"])
        #expect(servers.violations == [])
    }

    @Test func `a room that is left before its state arrives is followed for the next member`()
        throws
    {
        try play(.generous(), disk: Disk()) { simulation in
            let store = try #require(simulation.store)
            store.hang()
            let ann = simulation.join(room: "lobby")
            ann.link.reset()
            simulation.settle()
            let bob = simulation.join(room: "lobby")
            store.hang(false)
            simulation.settle()
            bob.say("hi")
            simulation.settle()
            #expect(bob.lines.map(\.message) == ["hi"])
            #expect(!store.requests.contains(.unfollow(Self.lobby)))
        }
    }

    @Test func `a room that is left before its state arrives is unfollowed then`() throws {
        try play(.generous(), disk: Disk()) { simulation in
            let store = try #require(simulation.store)
            store.hang()
            let ann = simulation.join(room: "lobby")
            ann.link.reset()
            simulation.settle()
            #expect(store.requests == [.follow(Self.lobby)])
            store.hang(false)
            simulation.settle()
            #expect(store.requests == [.follow(Self.lobby), .unfollow(Self.lobby)])
        }
    }
}
