import Chat
import ChatServer
import Identity
import Simulation
import TestSupport
import Testing
import WebSocket

/// Requests that read, and that moderate.
@Suite struct ServerRequestTests {
    static let key = String(repeating: "k", count: 40)
    static let member = String(repeating: "m", count: 40)

    static func play(
        disk: Disk? = nil, _ demand: IdentityRules.Demand = .optional,
        limits: (inout Limits) -> Void = { _ in }, _ scene: (Simulation) throws -> Void
    ) throws {
        try playIdentity(demand, disk: disk, limits: limits) { simulation, _ in
            simulation.change {
                $0.apiKeys =
                    (try? APIKeys(parsing: "shop owner \(key)\nbot member \(member)")) ?? APIKeys()
            }
            simulation.settle()
            try scene(simulation)
        }
    }

    @Test(arguments: [nil, Disk()])
    func `history is told in pages, in both directions`(disk: Disk?) throws {
        try Self.play(disk: disk) { simulation in
            let bob = simulation.enter(as: "bob")
            for number in 1...7 { bob.say("line \(number)", in: "lobby") }
            simulation.settle()
            if disk != nil { bob.link.reset() }
            simulation.settle()
            let last = simulation.get("/rooms/lobby/messages?limit=3")
            #expect(last.status == 200)
            #expect(last.toldSeqs == [5, 6, 7])
            #expect(last.answered("more") == "true")
            #expect(last.field("link") == #"<?before=5&limit=3>; rel="prev""#)
            let first = simulation.get("/rooms/lobby/messages?before=4&limit=5")
            #expect(first.toldSeqs == [1, 2, 3])
            #expect(first.answered("more") == "false")
            #expect(first.field("link") == nil)
            let next = simulation.get("/rooms/lobby/messages?after=2&limit=2")
            #expect(next.toldSeqs == [3, 4])
            #expect(next.field("link") == #"<?after=4&limit=2>; rel="next""#)
            #expect(simulation.get("/rooms/lobby/messages?after=2&before=4").toldSeqs == [3])
            #expect(simulation.get("/rooms/lobby/messages?after=7").toldSeqs == [])
            #expect(simulation.get("/rooms/lobby/messages?after=99").toldSeqs == [])
            #expect(simulation.get("/rooms/lobby/messages?before=0").toldSeqs == [])
            #expect(simulation.get("/rooms/lobby/messages?before=1").toldSeqs == [])
            #expect(simulation.get("/rooms/other/messages").toldSeqs == [])
        }
    }

    @Test func `lines come as NDJSON, if they are asked for so`() throws {
        try Self.play(disk: Disk()) { simulation in
            let bob = simulation.enter(as: "bob")
            for number in 1...3 { bob.say("\(number)", in: "lobby") }
            simulation.settle()
            for answer in [
                simulation.get("/rooms/lobby/messages?format=ndjson"),
                simulation.get("/rooms/lobby/messages", "Accept: application/x-ndjson"),
            ] {
                #expect(answer.field("content-type") == "application/x-ndjson")
                let lines = answer.responses?.last?.content.split(separator: "\n") ?? []
                #expect(
                    lines.map { $0.prefix(18) }
                        == Array(repeating: #"{"type":"message","#, count: 3))
            }
        }
    }

    @Test(arguments: [nil, Disk()], ["", "?format=ndjson", "?after=0"])
    func `a long answer comes in pieces, with the right length`(disk: Disk?, query: String) throws {
        let fast = { (limits: inout Limits) in limits.chat.linesPerSecond = 0 }
        try Self.play(disk: disk, limits: fast) { simulation in
            let bob = simulation.enter(as: "bob")
            for _ in 1...400 {
                bob.say(String(repeating: "y", count: 1_990), in: "lobby")
                simulation.settle()
            }
            let join = query.isEmpty ? "?" : "&"
            let answer = simulation.get("/rooms/lobby/messages\(query)\(join)limit=200")
            let length = answer.field("content-length").flatMap { Int($0) } ?? 0
            #expect(length > 400_000)
            #expect(answer.responses?.last?.content.utf8.count == length)
            #expect(answer.toldSeqs.count == 200)
            answer.send("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
            simulation.settle()
            #expect(answer.statuses == [200, 200])
            let head = simulation.ask(
                "HEAD /api/v1/rooms/lobby/messages\(query)\(join)limit=200 HTTP/1.1\r\n"
                    + "Host: a\r\n\r\nGET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
            let text = String(decoding: head.raw, as: UTF8.self)
            #expect(text.contains("Content-Length: \(length)\r\n"))
            #expect(text.hasSuffix("alive\n") || text.hasSuffix("alive"))
        }
    }

    @Test func `an answer that the client has isn't sent again`() throws {
        try Self.play(disk: Disk()) { simulation in
            let bob = simulation.enter(as: "bob")
            bob.say("hi", in: "lobby")
            simulation.settle()
            let tag = try #require(simulation.get("/rooms/lobby/messages").field("etag"))
            let again = simulation.get("/rooms/lobby/messages", "If-None-Match: \(tag)")
            #expect(again.status == 304)
            #expect(again.field("etag") == tag)
            bob.say("ho", in: "lobby")
            simulation.settle()
            #expect(simulation.get("/rooms/lobby/messages", "If-None-Match: \(tag)").status == 200)
        }
    }

    @Test func `guests read, unless there are none, and do nothing else`() throws {
        try Self.play(disk: Disk()) { simulation in
            #expect(simulation.get("/rooms/lobby/messages").status == 200)
            for path in ["/rooms", "/rooms/lobby", "/rooms/lobby/members", "/rooms/lobby/bans"] {
                simulation.get(path).expect(401, "invalid_token")
            }
            simulation.get("/rooms/lobby/messages", "Authorization: Bearer wrong").expect(
                401, "invalid_token")
        }
        try Self.play(.required) { simulation in
            simulation.get("/rooms/lobby/messages").expect(401, "invalid_token")
            #expect(
                simulation.get("/rooms/lobby/messages", "Authorization: Bearer \(Self.member)")
                    .status == 200)
        }
    }

    @Test(arguments: [nil, Disk()])
    func `rooms, a room and its members are told`(disk: Disk?) throws {
        try Self.play(disk: disk) { simulation in
            let bearer = "Authorization: Bearer \(Self.key)"
            let bob = simulation.enter(as: "bob")
            bob.say("hi", in: "lobby")
            simulation.settle()
            #expect(
                simulation.get("/rooms", bearer).responses?.last?.content
                    == #"{"type":"rooms","rooms":[{"room":"lobby","members":1}],"more":false}"#)
            let room = simulation.get("/rooms/lobby", bearer)
            #expect(room.answered("seq") == "1")
            #expect(room.answered("members") == "1")
            #expect(room.answered("slow_seconds") == "0")
            let members = simulation.get("/rooms/lobby/members", bearer)
            #expect(members.answered("count") == "1")
            #expect(members.responses?.last?.content.contains(#"["bob"]"#) == true)
            #expect(simulation.get("/rooms/none/members", bearer).answered("count") == "0")
            #expect(simulation.get("/rooms/none", bearer).answered("members") == "0")
        }
    }

    @Test func `rooms come in pages, and only those that are open to the caller`() throws {
        try Self.play { simulation in
            for room in ["c", "a", "d", "b"] { _ = simulation.enter(room, as: "bob") }
            let bearer = "Authorization: Bearer \(Self.member)"
            let page = simulation.get("/rooms?limit=2", bearer)
            #expect(page.rooms == ["a", "b"])
            #expect(page.answered("more")?.hasPrefix("true") == true)
            #expect(simulation.get("/rooms?after=b&limit=2", bearer).rooms == ["c", "d"])
            let token = simulation.token("u1", #","rooms":{"c":"member"}"#)
            let own = simulation.get("/rooms", "Authorization: Bearer \(token)")
            #expect(own.rooms == ["c"], "\(String(describing: own.responses))")
            simulation.get("/rooms/a", "Authorization: Bearer \(token)").expect(403, "forbidden")
            simulation.get("/rooms/a/messages", "Authorization: Bearer \(token)").expect(
                403, "forbidden")
        }
    }
}
