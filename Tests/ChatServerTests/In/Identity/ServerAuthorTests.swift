import Chat
import ChatServer
import Simulation
import TestSupport
import Testing

/// What lines show of their authors, and what counts for a user instead of a connection.
@Suite struct ServerAuthorTests {
    @Test(arguments: [nil, Disk()])
    func `a line shows its author wherever it is read`(disk: Disk?) throws {
        try playIdentity(disk: disk) { simulation, _ in
            let plain = simulation.connectPlainly()
            let packed = simulation.connect()
            packed.compression = .limitable
            packed.handshakeRichly()
            packed.join("lobby", as: "cy")
            let rooms = #","name":"Ann","role":"vip","rooms":{"*":"owner","lobby":"moderator"}"#
            let ann = simulation.connectRichly(
                with: "Authorization: Bearer \(simulation.token(#"u"1"#, rooms))")
            ann.join("lobby", as: nil)
            ann.say("one", in: "lobby", id: "1")
            let bob = simulation.connectPlainly(
                with: "Authorization: Bearer \(simulation.token("u2"))")
            simulation.settle()
            bob.say("two", as: "Bob")
            simulation.settle()
            plain.say("three", as: "Ann")
            simulation.settle()
            let late = simulation.enter(as: "cy")
            late.askHistory(of: "lobby", before: 4, limit: 3, id: "h")
            simulation.settle()
            let asked = try #require(late.events("history").first?.messages)
            for lines in [plain.lines, packed.lines, late.lines, asked] {
                #expect(lines.map(\.message) == ["one", "two", "three"])
                #expect(lines.map(\.user) == [#"u"1"#, "u2", nil])
                #expect(lines.map(\.role) == ["moderator", nil, nil])
            }
            #expect(ann.events("ack").first?.user == nil)
        }
    }

    @Test func `a line shows its author after a restart`() throws {
        try playIdentity(disk: Disk()) { simulation, _ in
            let token = simulation.token("u1", #","name":"Ann","role":"owner""#)
            let ann = simulation.connectRichly(with: "Authorization: Bearer \(token)")
            ann.join("lobby", as: nil)
            ann.say("one", in: "lobby")
            simulation.settle()
            simulation.crash()
            let bob = simulation.enter(as: "bob")
            #expect(bob.lines.map(\.user) == ["u1"])
            #expect(bob.lines.map(\.role) == ["owner"])
        }
    }

    @Test(arguments: [nil, Disk()])
    func `the id of a line belongs to the user`(disk: Disk?) throws {
        try playIdentity(disk: disk) { simulation, _ in
            let header = "Authorization: Bearer \(simulation.token("u1"))"
            let (one, other) = (
                simulation.connectRichly(with: header), simulation.connectRichly(with: header)
            )
            let (guest, namesake) = (simulation.enter(as: "u1"), simulation.enter(as: "Ann"))
            one.join("lobby", as: "Ann")
            other.join("lobby", as: "Anna")
            for client in [one, other, guest, namesake] {
                client.say("hi", in: "lobby", id: "x")
                simulation.settle()
            }
            #expect([one, other].flatMap { $0.events("ack").map(\.seq) } == [1, 1])
            #expect([guest, namesake].flatMap { $0.events("ack").map(\.seq) } == [2, 3])
            guard disk != nil else { return }
            simulation.crash()
            let again = simulation.connectRichly(with: header)
            again.join("lobby", as: "Annette")
            again.say("hi", in: "lobby", id: "x")
            simulation.settle()
            #expect(again.events("ack").map(\.seq) == [1])
        }
    }

    @Test func `the rate of lines is that of the user`() throws {
        func slowly(_ limits: inout Limits) {
            (limits.chat.linesPerSecond, limits.chat.lineBurst) = (1, 2)
        }
        try playIdentity(limits: slowly) { simulation, _ in
            func client(_ claims: String) -> Client {
                let token = simulation.token("u1", claims)
                let client = simulation.connectRichly(with: "Authorization: Bearer \(token)")
                client.join("lobby", as: "Ann")
                return client
            }
            let (one, other) = (client(""), client(""))
            let guest = simulation.enter(as: "u1")
            for client in [one, other, one, other, guest] { client.say("hi", in: "lobby") }
            simulation.settle()
            #expect([one, other, guest].flatMap { $0.errors.map(\.code) }.count == 2)
            #expect(guest.errors == [])
            let moderator = client(#","role":"moderator""#)
            for _ in 0..<10 { moderator.say("hi", in: "lobby") }
            simulation.settle()
            #expect(moderator.errors == [])
        }
    }
}
