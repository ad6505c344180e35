internal import ArgumentParser
internal import ChatServer
internal import Console
internal import Dispatch
internal import Simulation

/// What an admin page that is open costs the reactor, beside many connections that say nothing.
enum PageCost {
    /// Questions of the page, one a second.
    private static let questions = 120
    /// Connections that come at once.
    private static let batch = 500
    private static let rooms = 1_000
    /// The largest share of a core that a page may take.
    private static let mostShare = 0.01

    /// Prints the cost of a question of the page, with a fifth and with all of the connections.
    /// Fails if a page takes more of a core than it may.
    static func report(connections: Int) throws {
        for count in [connections / 5, connections] {
            let (question, idle) = try measure(connections: count)
            let share = Double(question) / 1e9
            try StandardStream.output.write(
                "\(count) connections in \(rooms) rooms: \(question / 1_000) µs for a question, "
                    + "\(share * 100) % of a core (a tick without one: \(idle / 1_000) µs)\n")
            guard share < mostShare else {
                throw ValidationError("The page takes more than \(mostShare * 100) % of a core.")
            }
        }
    }

    /// The usual time of a tick with a question, and of one without, in nanoseconds.
    private static func measure(connections: Int) throws -> (question: UInt64, idle: UInt64) {
        var limits = Limits()
        limits.connections = connections + 10
        limits.pingInterval = 0
        let verifier = SimulatedVerifier()
        let simulation = try Simulation(
            limits: limits, identity: IdentityRules(demand: .optional, verifier: verifier))
        simulation.world.verifier = verifier
        for start in stride(from: 0, to: connections, by: batch) {
            let clients = (start..<min(start + batch, connections)).map { number in
                let client = simulation.connect()
                client.handshake(room: "r\(number % rooms)")
                return client
            }
            try simulation.settleUnchecked()
            for client in clients { simulation.abandon(client) }
        }
        guard simulation.connectionCount == connections else {
            throw ValidationError("Only \(simulation.connectionCount) connections are open.")
        }
        let end = simulation.world.wallClock / 1_000 + 86_400
        let token = SimulatedVerifier.token(#"{"sub":"op","role":"owner","exp":\#(end)}"#)
        let page = simulation.connect()
        page.fields = ["Authorization: Bearer \(token)"]
        page.handshakeRichly()
        try simulation.settleUnchecked()
        var (asked, idle): ([UInt64], [UInt64]) = ([], [])
        for _ in 0..<questions {
            try simulation.passUnchecked(milliseconds: 1_000)
            idle.append(try time { try simulation.tickUnchecked(polling: nil) })
            page.command("server", [("after", "0")])
            asked.append(try time { try simulation.tickUnchecked(polling: page) })
            try simulation.settleUnchecked()
        }
        let answers = page.events.count {
            $0.report?.contains(#""open":\#(connections + 1),"#) ?? false
        }
        guard answers == questions else {
            throw ValidationError("Only \(answers) questions were answered.")
        }
        return (asked.sorted()[questions / 2], idle.sorted()[questions / 2])
    }

    private static func time(_ body: () throws -> Void) rethrows -> UInt64 {
        let start = DispatchTime.now().uptimeNanoseconds
        try body()
        return DispatchTime.now().uptimeNanoseconds - start
    }
}
