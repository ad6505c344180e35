import Chat
import ChatServer
import Foundation
import Simulation
import TestSupport
import Testing

/// What operators see of the server, its rooms, users and connections.
@Suite struct ServerInspectionTests {
    private func report(
        _ simulation: Simulation, _ client: Client, _ type: String,
        _ fields: (String, String)...
    ) throws -> [String: Any] {
        let id = "\(client.events.count)"
        client.command(type, id: id, fields)
        simulation.settle()
        let event = client.events.last { $0.id == id }
        let text = try #require(event?.report, "\(event.debugDescription)")
        let found = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        return try #require(found)
    }

    private func operate(
        _ simulation: Simulation, _ sub: String = "op", _ more: String = #","role":"owner""#
    ) -> Client {
        simulation.connectRichly(
            with: "Authorization: Bearer \(simulation.token(sub, more))")
    }

    private func rooms(_ report: [String: Any]) -> [String: Int] {
        let top = (report["rooms"] as? [String: Any])?["top"] as? [[String: Any]] ?? []
        return Dictionary(
            uniqueKeysWithValues: top.map {
                ($0["room"] as? String ?? "", $0["members"] as? Int ?? 0)
            })
    }

    @Test(arguments: [nil, Disk()])
    func `an owner sees the figures of the server`(disk: Disk?) throws {
        try playIdentity(disk: disk) { simulation, _ in
            let owner = operate(simulation)
            _ = [simulation.enter("go"), simulation.enter("go"), simulation.enter("lobby")]
            let plain = simulation.join(room: "go")
            plain.say("")
            simulation.settle()
            simulation.advance(seconds: 12)
            let report = try report(simulation, owner, "server", ("after", "0"))
            #expect(report["scope"] as? String == "server")
            #expect(report["durable"] as? Bool == (disk != nil))
            #expect(rooms(report) == ["go": 3, "lobby": 1])
            let connections = try #require(report["connections"] as? [String: Any])
            #expect(connections["open"] as? Int == 5)
            let states = connections["states"] as? [String: Int]
            #expect(states?["rich"] == 4 && states?["plain"] == 1)
            let incidents = try #require(report["incidents"] as? [[String: Any]])
            #expect(incidents.map { $0["code"] as? String } == ["message_empty"])
            let samples = try #require(report["samples"] as? [String: Any])
            let rows = try #require(samples["rows"] as? [[Double]])
            #expect(rows.count == 1 && rows[0].count == (samples["fields"] as? [String])?.count)
            #expect(rows[0][1] == 5)
            let time = Int(rows[0][0])
            let later = try self.report(simulation, owner, "server", ("after", "\(time)"))
            #expect(((later["samples"] as? [String: Any])?["rows"] as? [Any])?.count == 0)
            #expect(try self.report(simulation, owner, "server")["samples"] == nil)
        }
    }

    @Test func `a moderator sees its rooms and nothing else`() throws {
        try playIdentity { simulation, _ in
            let rights = #","rooms":{"go*":"moderator","lobby":"vip","x":"owner"}"#
            let mod = operate(simulation, "m", rights)
            for room in ["go", "go-2", "lobby", "other"] { _ = simulation.enter(room) }
            let report = try report(simulation, mod, "server", ("after", "0"))
            #expect(rooms(report) == ["go": 1, "go-2": 1])
            #expect(
                Set(report.keys)
                    == ["type", "id", "scope", "server", "time", "durable", "rooms"])
            let all = operate(simulation, "n", #","role":"moderator""#)
            #expect(rooms(try self.report(simulation, all, "server")).count == 4)
        }
    }

    @Test(arguments: [
        "", #","role":"vip""#, #","role":"moderator","rooms":{"go":"vip"}"#,
    ])
    func `others see nothing`(rights: String) throws {
        try playIdentity { simulation, _ in
            let clients = [operate(simulation, "u", rights), simulation.connectRichly()]
            for client in clients {
                client.command("server", id: "a", [])
                client.command("inspect", id: "b", [("room", "\"go\"")])
                client.command("inspect", id: "c", [("user", "\"op\"")])
                client.command("disconnect", id: "d", [("user", "\"op\"")])
                client.command("revoke", id: "e", [("jti", "\"op\"")])
                simulation.settle()
                #expect(client.errors.map(\.code) == Array(repeating: "forbidden", count: 5))
            }
        }
    }

    @Test(arguments: [nil, Disk()])
    func `a room shows its people, its last lines and what waits`(disk: Disk?) throws {
        try playIdentity(disk: disk) { simulation, _ in
            let mod = operate(simulation, "m", #","rooms":{"go":"moderator"}"#)
            let empty = try report(simulation, mod, "inspect", ("room", "\"go\""))
            #expect(empty["members"] as? Int == 0)
            let token = simulation.token("u1", #","role":"vip","name":"Ann""#)
            let ann = simulation.connectRichly(with: "Authorization: Bearer \(token)")
            ann.join("go", as: nil)
            let guest = simulation.enter("go", as: "bob")
            guest.say("hello", in: "go")
            simulation.settle()
            ann.say("there", in: "go")
            simulation.settle()
            mod.command("settings", id: "s", [("room", "\"go\""), ("hold_seconds", "60")])
            simulation.settle()
            guest.say("later", in: "go", id: "h")
            simulation.settle()
            let report = try report(simulation, mod, "inspect", ("room", "\"go\""))
            #expect(report["members"] as? Int == 2 && report["seq"] as? Int == 2)
            let people = try #require(report["people"] as? [[String: Any]])
            #expect(Set(people.compactMap { $0["username"] as? String }) == ["Ann", "bob"])
            #expect(people.compactMap { $0["user"] as? String } == ["u1"])
            let lines = try #require(report["lines"] as? [[String: Any]])
            #expect(lines.map { $0["message"] as? String } == ["hello", "there"])
            let held = try #require(report["held"] as? [[String: Any]])
            #expect(held.map { $0["message"] as? String } == ["later"])
            #expect((report["settings"] as? [String: Any])?["hold_seconds"] as? Int == 60)
            mod.command("inspect", id: "x", [("room", "\"lobby\"")])
            simulation.settle()
            #expect(mod.errors.map(\.code) == ["forbidden"])
        }
    }

    @Test func `a user is found with all connections, as far as they may be seen`() throws {
        try playIdentity { simulation, _ in
            let (owner, mod) = (
                operate(simulation), operate(simulation, "m", #","rooms":{"go":"moderator"}"#)
            )
            let token = simulation.token("u1", #","name":"Ann","jti":"t1""#)
            for room in ["go", "lobby"] {
                let client = simulation.connectRichly(with: "Authorization: Bearer \(token)")
                client.join(room, as: nil)
            }
            simulation.settle()
            let all = try report(simulation, owner, "inspect", ("user", "\"u1\""))
            let connections = try #require(all["connections"] as? [[String: Any]])
            #expect(all["count"] as? Int == 2 && connections.count == 2)
            #expect(connections.allSatisfy { $0["jti"] as? String == "t1" })
            let some = try report(simulation, mod, "inspect", ("user", "\"u1\""))
            let seen = try #require(some["connections"] as? [[String: Any]])
            #expect(seen.count == 1 && seen[0]["jti"] == nil && seen[0]["ttl_ms"] == nil)
            for connection in connections {
                let name = try #require(connection["connection"] as? String)
                _ = try report(simulation, owner, "inspect", ("connection", "\"\(name)\""))
                mod.command("inspect", id: name, [("connection", "\"\(name)\"")])
            }
            simulation.settle()
            #expect(mod.errors.map(\.code) == ["not_found"])
            let nobody = try report(simulation, owner, "inspect", ("user", "\"u2\""))
            #expect(nobody["count"] as? Int == 0)
            for name in ["", "?", "zzzzzzzzzzzzzzzzzzzzzz", "1", "3w5e11264sgsf"] {
                owner.command("inspect", id: "n\(name)", [("connection", "\"\(name)\"")])
            }
            simulation.settle()
            #expect(
                owner.errors.map(\.code)
                    == ["invalid_command"] + Array(repeating: "not_found", count: 4))
        }
    }
}
