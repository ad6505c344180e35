import Chat
import ChatServer
import Identity
import Simulation
import Synchronization
import TestSupport
import Testing
import WebSocket

/// What operators do: they disconnect people, and end tokens.
@Suite struct ServerOversightTests {
    /// Keeps revocations when a test says so.
    private final class Keeper: RevocationKeeper {
        let tickets = Mutex<[UInt64]>([])

        func keep(_ revocation: Revocation, ticket: UInt64) {
            tickets.withLock { $0.append(ticket) }
        }
    }

    private func owner(_ simulation: Simulation) -> Client {
        let token = simulation.token("op", #","role":"owner","iat":1"#)
        return simulation.connectRichly(with: "Authorization: Bearer \(token)")
    }

    private func user(_ simulation: Simulation, _ more: String = "") -> Client {
        let client = simulation.connectRichly(
            with: "Authorization: Bearer \(simulation.token("u1", #","jti":"t1"\#(more)"#))")
        client.join("go", as: "ann")
        simulation.settle()
        return client
    }

    @Test func `all connections of a user are closed, with a reason`() throws {
        try playIdentity { simulation, _ in
            let (op, guest) = (owner(simulation), simulation.enter("go"))
            let users = [user(simulation), user(simulation)]
            op.command("disconnect", id: "d", [("user", "\"u1\""), ("reason", "\"bye\"")])
            simulation.settle()
            #expect(users.map(\.closeCode) == [.policyViolation, .policyViolation])
            #expect(op.events("disconnected").map(\.connections) == [2])
            #expect(guest.closeCode == nil)
            op.command("disconnect", id: "e", [("user", "\"u1\"")])
            simulation.settle()
            #expect(op.events("disconnected").map(\.connections) == [2, 0])
        }
    }

    @Test func `an operator may disconnect itself`() throws {
        try playIdentity { simulation, _ in
            let op = owner(simulation)
            op.command("disconnect", id: "d", [("user", "\"op\"")])
            simulation.settle()
            #expect(op.closeCode == .policyViolation)
            #expect(op.events("disconnected").isEmpty)
        }
    }

    @Test(arguments: [
        [("sub", "\"u1\"")], [("jti", "\"t1\"")], [("sub", "\"u1\""), ("issued_before", "5")],
    ])
    func `revoked tokens end at once if nothing keeps them`(fields: [(String, String)]) throws {
        try playIdentity { simulation, _ in
            let (op, ann) = (owner(simulation), user(simulation))
            op.command("revoke", id: "r", fields)
            simulation.settle()
            #expect(ann.closeCode == .revoked)
            #expect(op.events("revoked").map(\.connections) == [1])
            #expect(op.events("revoked").map(\.id) == ["r"])
            #expect(user(simulation).answer.hasPrefix("HTTP/1.1 401 "))
        }
    }

    @Test func `all tokens that were issued before a time end`() throws {
        try playIdentity { simulation, _ in
            let (op, ann) = (owner(simulation), user(simulation))
            let late = user(simulation, #","iat":7"#)
            op.command("revoke", id: "r", [("issued_before", "1")])
            simulation.settle()
            #expect(ann.closeCode == .revoked && late.closeCode == nil && op.closeCode == nil)
        }
    }

    @Test(arguments: [true, false])
    func `tokens end once that is kept`(isKept: Bool) throws {
        let (keeper, inbox, verifier) = (Keeper(), IdentityInbox(), SimulatedVerifier())
        let simulation = try Simulation(
            limits: .generous(),
            identity: IdentityRules(
                demand: .optional, verifier: verifier, inbox: inbox, keeper: keeper))
        simulation.world.verifier = verifier
        let (op, ann) = (owner(simulation), user(simulation))
        op.command("revoke", id: "r", [("jti", "\"t1\"")])
        op.command("members", id: "m", [("room", "\"go\"")])
        simulation.settle()
        #expect(ann.closeCode == nil && op.events("revoked").isEmpty)
        #expect(op.errors.map(\.id) == ["m"], "later commands don't wait")
        for ticket in keeper.tickets.withLock({ $0 }) { inbox.answered(ticket, isKept: isKept) }
        inbox.answered(77, isKept: true)
        simulation.world.isWoken = true
        simulation.settle()
        #expect(ann.closeCode == (isKept ? .revoked : nil))
        #expect(op.events("revoked").count == (isKept ? 1 : 0))
        #expect(op.errors.last?.code == (isKept ? "not_joined" : "store_unavailable"))
        #expect(simulation.world.violations == [])
    }

    @Test func `only so many orders wait`() throws {
        let (keeper, verifier) = (Keeper(), SimulatedVerifier())
        let simulation = try Simulation(
            limits: .generous { $0.costPerSecond = 0 },
            identity: IdentityRules(
                demand: .optional, verifier: verifier, inbox: IdentityInbox(), keeper: keeper))
        simulation.world.verifier = verifier
        let op = owner(simulation)
        for number in 0..<70 {
            op.command("revoke", id: "r\(number)", [("jti", "\"t\(number)\"")])
        }
        simulation.settle()
        #expect(keeper.tickets.withLock { $0.count } == 64)
        #expect(op.errors.map(\.code) == Array(repeating: "rate_limited", count: 6))
    }

    @Test func `a moderator announces in a room that it isn't in`() throws {
        try playIdentity { simulation, _ in
            let guest = simulation.enter("go")
            let op = owner(simulation)
            op.command("announce", id: "a", [("room", "\"go\""), ("message", "\"hello\"")])
            op.command("announce", id: "b", [("room", "\"empty\""), ("message", "\"hello\"")])
            simulation.settle()
            #expect(guest.lines.map(\.message) == ["hello"])
            #expect(op.events("ack").map(\.seq) == [1])
            #expect(op.errors.map(\.code) == ["not_joined"])
        }
    }
}
