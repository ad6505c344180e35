import Chat
import ChatServer
import Identity
import Logging
import Reactor
import Simulation
import TestSupport
import Testing

/// Plays a scene on a server that knows users. A token is the base64url of its claims.
func playIdentity(
    _ demand: IdentityRules.Demand = .optional, cookie: String? = nil, origins: [String] = [],
    disk: Disk? = nil, checker: (any LineChecker)? = nil, inbox: IdentityInbox? = nil,
    revocations: Revocations = Revocations(), reserved: [String] = [],
    logLevel: Logger.Level = .info, limits change: (inout Limits) -> Void = { _ in },
    location: SourceLocation = #_sourceLocation,
    _ scene: (Simulation, SimulatedVerifier) throws -> Void
) throws {
    let verifier = SimulatedVerifier()
    let simulation = try Simulation(
        limits: .generous {
            $0.connections = 2_000
            change(&$0)
        }, origins: origins, logLevel: logLevel, disk: disk,
        identity: IdentityRules(
            demand: demand, cookie: cookie, verifier: verifier, inbox: inbox,
            revocations: revocations), checker: checker, reservedNames: reserved)
    simulation.world.verifier = verifier
    try scene(simulation, verifier)
    simulation.settle()
    #expect(simulation.world.violations == [], sourceLocation: location)
}

extension Simulation {
    /// A token that ends so many seconds from now, with more claims in JSON.
    func token(_ sub: String = "u1", seconds: Int64 = 3_600, _ more: String = "") -> String {
        let end = world.wallClock / 1_000 + seconds
        let sub = sub.replacing("\"", with: "\\\"")
        return SimulatedVerifier.token(#"{"sub":"\#(sub)","exp":\#(end)\#(more)}"#)
    }

    /// A client of the rich dialect with these lines in its opening handshake.
    func connectRichly(with fields: String...) -> Client {
        let client = connect()
        client.fields = fields
        client.handshakeRichly()
        settle()
        return client
    }

    /// The same for the plain dialect.
    func connectPlainly(room: String? = nil, with fields: String...) -> Client {
        let client = connect()
        client.fields = fields
        client.handshake(room: room)
        settle()
        return client
    }
}

extension Client {
    /// The answer to its opening handshake.
    var answer: String { String(decoding: raw, as: UTF8.self) }
}
