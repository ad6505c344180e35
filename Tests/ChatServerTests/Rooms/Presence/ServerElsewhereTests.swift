import Chat
import Identity
import Simulation
import Testing

@testable import ChatServer

/// Presence in rooms that several servers share.
@Suite struct ServerElsewhereTests {
    private func enter(_ servers: Servers, _ number: Int, as name: String) -> Client {
        let client = servers[number].connectRichly()
        client.join("lobby", as: name, id: "join")
        servers.settle()
        return client
    }

    private func pass(_ milliseconds: UInt64, _ servers: Servers) {
        for _ in 0..<(milliseconds / 100) {
            for simulation in servers.simulations { simulation.advance(milliseconds: 100) }
            servers.settle()
        }
    }

    @Test func `members of all servers are counted and told`() throws {
        let servers = try Servers(2)
        let ann = enter(servers, 0, as: "ann")
        pass(2_000, servers)
        let bob = enter(servers, 1, as: "bob")
        #expect(bob.joined?.memberCount == 2)
        _ = enter(servers, 0, as: "cy")
        pass(2_500, servers)
        #expect(ann.events("presence").last?.count == 3)
        #expect(ann.events("presence").flatMap { $0.joined ?? [] }.sorted() == ["bob", "cy"])
        for client in [ann, bob] {
            client.askMembers(of: "lobby", id: "m")
            servers.settle()
            let members = try #require(client.events("members").last)
            #expect(members.count == 3 && members.usernames == ["ann", "bob", "cy"])
        }
        let seen = ann.events("presence").count
        bob.leave("lobby", id: "l")
        pass(2_500, servers)
        #expect(ann.events("presence").dropFirst(seen).map(\.count) == [2])
        #expect(ann.events("presence").last?.left == ["bob"])
        #expect(servers.violations == [])
    }

    @Test func `changes on two servers within a second are one event`() throws {
        let servers = try Servers(3)
        let ann = enter(servers, 0, as: "ann")
        pass(3_000, servers)
        let before = ann.events("presence").count
        _ = enter(servers, 0, as: "zoe")
        pass(300, servers)
        // They come between the event about zoe and the next one.
        let (bob, cy) = (enter(servers, 1, as: "bob"), enter(servers, 2, as: "cy"))
        pass(3_000, servers)
        let news = ann.events("presence").dropFirst(before)
        #expect(news.map(\.joined) == [["zoe"], ["bob", "cy"]])
        #expect(news.map(\.count) == [2, 4])
        #expect(bob.events("presence").last?.count ?? bob.joined?.memberCount == 4)
        #expect(cy.events("presence").last?.count ?? cy.joined?.memberCount == 4)
        #expect(servers.violations == [])
    }

    @Test func `plain clients count on all servers, and event streams are told`() throws {
        let servers = try Servers(2)
        let reader = servers[0].stream()
        servers.settle()
        pass(2_000, servers)
        let plain = (0..<3).map { _ in servers[1].join() }
        pass(2_500, servers)
        let last = try #require(reader.stream.last { $0.type == "presence" })
        #expect(last.event.count == 4 && last.id == nil)
        for client in plain { client.link.breakOff() }
        pass(2_500, servers)
        #expect(reader.stream.last { $0.type == "presence" }?.event.count == 1)
        #expect(servers.violations == [])
    }

    @Test func `requests count members on all servers, whichever is asked`() throws {
        let servers = try Servers(2)
        let key = String(repeating: "k", count: 40)
        let bearer = "Authorization: Bearer \(key)"
        for simulation in servers.simulations {
            simulation.change {
                $0.apiKeys = (try? APIKeys(parsing: "shop owner \(key)")) ?? APIKeys()
            }
        }
        servers.settle()
        _ = (enter(servers, 1, as: "bob"), enter(servers, 1, as: "cy"))
        pass(1_500, servers)
        // The first server has no member in the room.
        for expected in [2, 3] {
            for number in 0..<2 {
                let members = servers[number].get("/rooms/lobby/members", bearer)
                let room = servers[number].get("/rooms/lobby", bearer)
                servers.settle()
                #expect(members.answered("count") == "\(expected)")
                let names = expected == 2 ? #"["bob","cy"]"# : #"["ann","bob","cy"]"#
                #expect(members.responses?.last?.content.contains(names) == true)
                #expect(room.answered("members") == "\(expected)")
            }
            if expected == 2 { _ = enter(servers, 0, as: "ann") }
            pass(1_500, servers)
        }
        let rooms = servers[1].get("/rooms", bearer)
        #expect(rooms.responses?.last?.content.contains(#""members":3"#) == true)
        #expect(servers.violations == [])
    }

    @Test func `a server without others tells nobody`() throws {
        try play(.generous(), disk: Disk()) { simulation in
            _ = simulation.enter(as: "ann")
            _ = simulation.join()
            simulation.advance(seconds: 3)
            let requests = simulation.store?.requests ?? []
            #expect(!requests.isEmpty)
            for request in requests {
                if case .present = request { Issue.record("\(request)") }
            }
        }
    }
}
