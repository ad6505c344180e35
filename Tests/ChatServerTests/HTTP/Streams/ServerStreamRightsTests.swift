import Chat
import ChatServer
import Identity
import Simulation
import Testing
import WebSocket

/// Who may read an event stream, and for how long.
@Suite struct ServerStreamRightsTests {
    @Test(arguments: [nil, Disk()])
    func `a holder of a token reads its rooms`(disk: Disk?) throws {
        try playIdentity(.required, disk: disk) { simulation, _ in
            let target = "rooms/lobby/events"
            simulation.stream(target).expect(401, "invalid_token")
            simulation.stream(target, "Authorization: Bearer bad").expect(401, "invalid_token")
            let token = simulation.token("u1", #","rooms":{"lobby":"member"}"#)
            let bearer = "Authorization: Bearer \(token)"
            simulation.stream("rooms/other/events", bearer).expect(403, "forbidden")
            simulation.stream("events?rooms=lobby,other", bearer).expect(403, "forbidden")
            simulation.stream("\(target)?token=x", bearer).expect(400, "malformed")
            let reader = simulation.stream(target, bearer)
            #expect(reader.streamedTypes == ["joined"])
            let ann = simulation.join(as: "ann")
            #expect(simulation.say(ann, "hi") == nil)
            #expect(reader.streamedSeqs() == [1])
            #expect(reader.stream.last?.event.user == "ann")
        }
    }

    @Test func `a stream ends with its token`() throws {
        for demand in [IdentityRules.Demand.required, .optional] {
            try playIdentity(demand) { simulation, _ in
                let bearer = "Authorization: Bearer \(simulation.token("u1", seconds: 30))"
                let reader = simulation.stream("rooms/lobby/events", bearer)
                simulation.advance(seconds: 31)
                #expect(reader.streamedTypes == ["joined", "auth_expiring", "closed"])
                #expect(reader.raw.firstRange(of: Array(#""close_code":3001"#.utf8)) != nil)
                #expect(reader.ending == .finished)
                let again = simulation.stream("rooms/lobby/events", bearer)
                again.expect(401, "token_expired")
                #expect(simulation.inspection.contradictions == [])
            }
        }
    }

    @Test(arguments: [nil, Disk()])
    func `a banned reader is told, and doesn't come back`(disk: Disk?) throws {
        try playIdentity(disk: disk) { simulation, _ in
            let mod = simulation.join(as: "mod", "moderator")
            let bearer = "Authorization: Bearer \(simulation.token("u1"))"
            let reader = simulation.stream("rooms/lobby/events", bearer)
            let both = simulation.stream("events?rooms=lobby,other", bearer)
            #expect(simulation.ask(mod, "ban", ["user": #""u1""#]) == "ack")
            #expect(reader.streamedTypes.suffix(2) == ["left", "closed"])
            #expect(reader.ending == .finished)
            #expect(both.streamedTypes.last == "left" && both.ending == nil)
            let again = simulation.stream("rooms/lobby/events", bearer)
            again.expect(403, "banned")
            #expect(again.ending == nil)
        }
    }

    @Test(arguments: [nil, Disk()])
    func `a moderator's changes come in their places, and once`(disk: Disk?) throws {
        try playIdentity(disk: disk) { simulation, _ in
            let mod = simulation.join(as: "mod", "moderator")
            let reader = simulation.stream()
            for text in ["one", "two", "three"] { #expect(simulation.say(mod, text) == nil) }
            #expect(simulation.ask(mod, "delete", ["seq": "2"]) == "ack")
            #expect(simulation.say(mod, "four") == nil)
            #expect(simulation.ask(mod, "settings", ["slow_seconds": "5"]) == "ack")
            let told = ["message", "message", "message", "deleted", "message", "room"]
            #expect(reader.streamedTypes == ["joined"] + told)
            let ids = reader.stream.compactMap(\.id)
            let epoch = try #require(mod.joined?.epoch)
            let places = ["0.0", "1.0", "2.0", "3.0", "3.1", "4.1", "4.2"]
            #expect(ids == places.map { "lobby=\(epoch).\($0)" })
            // From each place on, exactly the rest comes, with a tombstone for what is deleted.
            for (number, id) in ids.enumerated() {
                let again = simulation.stream(after: id)
                var rest = Array(told.dropFirst(number))
                if number < 2, rest.count > 3 { rest[rest.count - 5] = "deleted" }
                #expect(again.streamedTypes == ["joined"] + rest, "after \(id)")
                #expect(again.lastEventID == ids.last)
                again.link.reset()
            }
            let fresh = simulation.stream()
            #expect(fresh.streamedTypes == ["joined", "message", "deleted", "message", "message"])
        }
    }

    @Test func `a deleted line leaves a reader's waiting bytes`() throws {
        let servers = try Servers(1)
        let speaker = servers[0].join()
        let reader = servers[0].stream()
        let several = servers[0].stream("events?rooms=lobby,other")
        servers.settle()
        speaker.say("1")
        servers.settle()
        for client in [reader, several] {
            #expect(client.streamedSeqs() == [1])
            client.reads = false
        }
        for number in 2...400 {
            let padding = (0..<200).map { String($0 * number, radix: 36) }.joined(separator: " ")
            speaker.say("\(number) \(padding)")
            servers.settle()
        }
        let before = servers[0].inspection
        servers.orderer.delete(seqs: Array(3...400), in: .lobby)
        servers.settle()
        #expect(servers[0].inspection.waitingBytes < before.waitingBytes)
        speaker.say("401")
        servers.settle()
        for client in [reader, several] { client.reads = true }
        servers.settle()
        for client in [reader, several] {
            let seqs = client.streamedSeqs()
            #expect(seqs.first == 1 && seqs.last == 401 && seqs.count < 400)
            #expect(seqs == seqs.sorted() && Set(seqs).count == seqs.count)
            // A tombstone is in the place of each line that had not gone out.
            let marks = client.stream.filter { $0.type == "deleted" }.compactMap(\.event.seq)
            #expect(Set(seqs + marks) == Set(1...401))
        }
        #expect(servers.violations == [])
    }

    @Test func `a cookie counts for pages of our own`() throws {
        try playIdentity(.required, cookie: "chat") { simulation, _ in
            let cookie = "Cookie: chat=\(simulation.token("u1"))"
            let target = "rooms/lobby/events"
            simulation.stream(target, cookie).expect(401, "invalid_token")
            simulation.stream(target, cookie, "Sec-Fetch-Site: cross-site")
                .expect(401, "invalid_token")
            simulation.stream(target, cookie, "Origin: http://evil").expect(401, "invalid_token")
            for field in ["Sec-Fetch-Site: same-origin", "Origin: http://a"] {
                #expect(simulation.stream(target, cookie, field).streamedTypes == ["joined"])
            }
        }
    }

    @Test func `requests for streams that can't be are refused`() throws {
        let change: (inout Limits) -> Void = { $0.chat.rooms = 2 }
        try playIdentity(limits: change) { simulation, _ in
            simulation.stream("events").expect(422, "invalid_command")
            simulation.stream("events?rooms=").expect(422, "invalid_command")
            simulation.stream("events?rooms=a,B").expect(404, "invalid_room")
            simulation.stream("events?rooms=a,b,c").expect(422, "too_many_rooms")
            #expect(simulation.stream("events?rooms=a,b,a").streamedTypes.count == 2)
            simulation.stream("rooms/../events").expect(404, "invalid_room")
            simulation.stream("rooms/a/event").expect(404, "not_found")
            simulation.stream("rooms/a/events?history=201").expect(422, "invalid_command")
            simulation.stream("rooms/a/events?after=x").expect(422, "invalid_command")
            simulation.stream("rooms/a/events", after: "a=k.1.2,").expect(422, "invalid_command")
            simulation.ask(
                "POST /api/v1/rooms/a/events HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}"
            ).expect(405, "method_not_allowed")
        }
    }

    @Test func `a stream waits for the store, or is told that it must come back`() throws {
        try playIdentity(disk: Disk()) { simulation, verifier in
            verifier.beLate()
            let bearer = "Authorization: Bearer \(simulation.token("u1"))"
            let reader = simulation.stream("events?rooms=a,b,c", bearer)
            #expect(reader.raw.isEmpty)
            verifier.answer()
            simulation.settle()
            #expect(reader.streamedTypes == ["joined", "joined", "joined"])
            let gone = simulation.stream("rooms/lobby/events", bearer)
            gone.link.reset()
            simulation.settle()
            verifier.answer()
            simulation.settle()
            #expect(simulation.inspection.contradictions == [])
        }
    }
}
