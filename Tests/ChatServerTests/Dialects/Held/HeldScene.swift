import Simulation
import Testing

/// A room that holds lines back, with a moderator, a user, a guest and a client of the plain
/// dialect.
struct HeldScene {
    let mod, ann, bob, plain: Client

    init(_ simulation: Simulation, holding seconds: Int = 10) {
        mod = simulation.join(as: "mod", "moderator")
        ann = simulation.join(as: "ann")
        bob = simulation.guest("bob")
        plain = simulation.connectPlainly()
        #expect(simulation.ask(mod, "settings", ["hold_seconds": "\(seconds)"]) == "ack")
    }
}

extension Simulation {
    /// A client sends a line that is to wait. Returns the line's name.
    func hold(_ client: Client, _ text: String) -> String? {
        let count = client.events("ack").count
        #expect(say(client, text) == nil)
        let acks = client.events("ack").dropFirst(count)
        #expect(acks.count == 1 && acks.first?.seq == nil)
        return acks.first?.held
    }

    func decide(_ client: Client, _ type: String, _ held: String?) -> String? {
        ask(client, type, ["held": "\"\(held ?? "?")\""])
    }
}

extension Client {
    /// The texts of the lines that it got.
    var texts: [String] { lines.compactMap(\.message) }
}
