import Chat
import Reactor
import Simulation
import Testing

/// Lines that are checked by somebody outside before they are said.
@Suite struct ServerCheckTests {
    private static let disks: [Disk?] = [nil, Disk()]

    /// A checker answers about a line, and wakes the server.
    private func answer(
        _ text: String, _ verdict: CheckAnswer.Verdict, _ checker: LateChecker,
        _ simulation: Simulation
    ) {
        checker.answer(text, verdict)
        simulation.world.isWoken = true
        simulation.settle()
    }

    @Test(arguments: disks)
    func `a line is said when the answer is there, with its text`(disk: Disk?) throws {
        let checker = LateChecker()
        try playIdentity(disk: disk, checker: checker) { simulation, _ in
            let (ann, bob) = (simulation.join(as: "ann"), simulation.guest("bob"))
            let plain = simulation.connectPlainly()
            ann.say("one", in: "lobby", id: "k1")
            plain.say("two", as: "pat")
            bob.say("three", in: "lobby", id: "k3")
            simulation.settle()
            #expect(checker.texts.sorted() == ["one", "three", "two"])
            #expect(bob.texts == [] && ann.events("ack").isEmpty)
            answer("two", .change("TWO"), checker, simulation)
            answer("one", .allow, checker, simulation)
            answer("three", .refuse("Be kind."), checker, simulation)
            for client in [ann, bob, plain] { #expect(client.texts == ["TWO", "one"]) }
            #expect(ann.events("ack").map(\.seq) == [2])
            #expect(bob.errors.map(\.code) == ["check_refused"])
        }
    }

    @Test(arguments: disks)
    func `a repeat waits for the same answer`(disk: Disk?) throws {
        let checker = LateChecker()
        try playIdentity(disk: disk, checker: checker) { simulation, _ in
            let (ann, again) = (simulation.join(as: "ann"), simulation.join(as: "ann"))
            for client in [ann, ann, again] { client.say("once", in: "lobby", id: "k") }
            simulation.settle()
            #expect(checker.texts == ["once"])
            answer("once", .change("twice"), checker, simulation)
            again.say("once", in: "lobby", id: "k")
            simulation.settle()
            #expect(checker.texts == ["once"])
            let acks = ann.events("ack") + again.events("ack")
            #expect(acks.map(\.seq) == [1, 1, 1, 1])
            #expect(ann.texts == ["twice"])
        }
    }

    @Test(arguments: disks)
    func `moderators decide about a line that is held`(disk: Disk?) throws {
        let checker = LateChecker()
        try playIdentity(disk: disk, checker: checker) { simulation, _ in
            let mod = simulation.join(as: "mod", "moderator")
            let ann = simulation.join(as: "ann")
            // A moderator's own line isn't checked.
            #expect(simulation.say(mod, "mine") == nil)
            ann.say("odd", in: "lobby", id: "k")
            simulation.settle()
            answer("odd", .hold, checker, simulation)
            let told = mod.events("held")
            #expect(told.map(\.why) == ["check"] && told.map(\.message) == ["odd"])
            #expect(ann.events("ack").map(\.held) == told.map(\.held))
            #expect(simulation.decide(mod, "approve", told.first?.held) == "ack")
            simulation.advance(seconds: 1)
            #expect(ann.texts == ["mine", "odd"])
            #expect(checker.texts == ["odd"])
        }
    }

    @Test(arguments: disks)
    func `a banned author says nothing, and one that leaves is heard`(disk: Disk?) throws {
        let checker = LateChecker()
        try playIdentity(disk: disk, checker: checker) { simulation, _ in
            let mod = simulation.join(as: "mod", "moderator")
            let (ann, bob) = (simulation.join(as: "ann"), simulation.guest("bob"))
            ann.say("spam", in: "lobby", id: "k")
            bob.say("bye", in: "lobby", id: "k")
            simulation.settle()
            #expect(simulation.ask(mod, "ban", ["user": "\"ann\""]) == "ack")
            bob.close()
            simulation.settle()
            answer("spam", .allow, checker, simulation)
            answer("bye", .allow, checker, simulation)
            #expect(mod.texts == ["bye"])
        }
    }

    @Test(arguments: disks)
    func `a line that can't be checked is said unless a setting says otherwise`(
        disk: Disk?
    ) throws {
        let checker = LateChecker()
        try playIdentity(disk: disk, checker: checker) { simulation, _ in
            let ann = simulation.join(as: "ann")
            ann.say("one", in: "lobby", id: "k")
            simulation.settle()
            answer("one", .failed, checker, simulation)
            ann.say("two", in: "lobby", id: "k2")
            simulation.settle()
            // A text that a client may not send counts as no answer.
            answer("two", .change(" "), checker, simulation)
            #expect(ann.texts == ["one", "two"])
        }
    }
}
