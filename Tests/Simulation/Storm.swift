internal import Chat
internal import ChatServer
internal import Reactor
internal import TestSupport

/// A long session of a crowd on one server, drawn from a seed: faults, dawdling, attacks, users
/// that come and go, then calm, then the end. Every broken rule is reported.
package struct Storm: ~Copyable {
    let simulation: Simulation
    let crowd: Crowd
    private let mob: Mob
    /// Nil if there are no moderated rooms.
    let hall: Hall?
    private let turns: Int
    /// How often the server dies or is restarted, in thousandths of turns.
    private let deaths: Int
    /// How often the server stands still, in thousandths of turns.
    private let standstills: Int
    /// How often the settings change, in thousandths of turns.
    private let changes: Int
    /// How often another machine takes over the store, in thousandths of turns.
    private let failovers: Int

    /// SIGTERM.
    static let termination: Int32 = 15

    /// The violations of a run with this seed. `trace` receives all events.
    package static func violations(
        seed: UInt64, trace: ((String) -> Void)? = nil
    ) throws -> [String] {
        let storm = try Storm(seed: seed, trace: trace)
        for phase in Phase.allCases where storm.simulation.world.violations.isEmpty {
            storm.play(phase, seed: seed)
        }
        return storm.simulation.world.violations
    }

    private enum Phase: CaseIterable {
        case rage
        case calm
        case end
    }

    private func play(_ phase: Phase, seed: UInt64) {
        switch phase {
        case .rage: rage()
        case .calm: calmDown()
        case .end: if seed.isMultiple(of: 2) { disperse() } else { drain() }
        }
    }

    private init(seed: UInt64, trace: ((String) -> Void)?) throws(SystemError) {
        var random = SplitMix64(seed: seed)
        let limits = StormLimits.drawn(&random)
        let isRich = random.happens(600)
        let keeps = isRich ? random.happens(700) : random.happens(300)
        let faults = Faults(drawnFrom: &random)
        let storeFaults = StoreFaults(drawnFrom: &random)
        // A generator of its own, so that the storms of earlier versions stay the same.
        var dice = SplitMix64(seed: ~seed)
        changes = dice.pick([0, 0, 0, 100, 300])
        let identity = HallIdentity.drawn(&dice)
        simulation = try Simulation(
            limits: limits, seed: random.next(), faults: faults,
            disk: keeps ? Disk(unsafeGroups: 4) : nil, storeFaults: storeFaults,
            identity: identity?.rules ?? IdentityRules(), isVeiled: seed.isMultiple(of: 3))
        simulation.world.sendBuffer = random.pick([200, 2_000, 16_000, 65_536])
        simulation.world.descriptorLimit = random.pick([.max, .max, .max, 4])
        simulation.world.trace = trace
        trace?("limits: \(limits)")
        let isTight =
            changes > 0 || limits.roomLogBytes < 1_000_000 || limits.bufferBudget < 1_000_000
            || limits.controlWatermark < 10_000
        let attackers = random.pick([0, 0, 2, 5])
        crowd = Crowd(
            simulation: simulation, size: random.number(in: 1...12),
            regulars: isRich ? random.number(in: 1...8) : 0, readers: dice.pick([0, 0, 1, 4]),
            strangers: attackers + (identity == nil ? 0 : Hall.size),
            rooms: random.number(in: 1...3), isTight: isTight)
        mob = Mob(simulation: simulation, size: attackers, rooms: crowd.rooms)
        turns = random.number(in: 10...80)
        deaths = random.pick([0, 0, 20, 100])
        simulation.world.faults.drawPoller(from: &random)
        standstills = random.pick([0, 50, 300])
        failovers = identity == nil && keeps ? dice.pick([0, 50, 200]) : 0
        hall = identity.map { [simulation] in Hall(simulation: simulation, identity: $0) }
        trace?("faults: \(simulation.world.faults)")
        trace?("store: \(keeps ? "\(storeFaults)" : "none"), deaths: \(deaths)")
    }

    private func rage() {
        for _ in 0..<turns where simulation.world.violations.isEmpty {
            crowd.act()
            mob.act()
            hall?.act()
            let random = simulation.world.random.number(in: 1...100)
            switch random {
            case 1...30: simulation.tick()
            case 31...70: simulation.settle()
            case 71...90: advance(1...300)
            case 91...97: advance(1_000...3_000)
            default: advance(8_000...40_000)
            }
            crowd.examine()
            if simulation.world.random.happens(standstills) { standStill() }
            if simulation.world.random.happens(deaths) { die() }
            if changes > 0, simulation.world.random.happens(changes) { changeSettings() }
            if failovers > 0, simulation.world.random.happens(failovers) { failOver() }
        }
    }

    private func changeSettings() {
        simulation.change { SettingsChange.draw(into: &$0, &simulation.world.random) }
        crowd.examine()
    }

    /// The server's process stands still, between two ticks or in the middle of one. No client may
    /// be closed for that.
    private func standStill() {
        let milliseconds = UInt64(simulation.world.random.number(in: 200...100_000))
        if Bool.random(using: &simulation.world.random) {
            simulation.freeze(milliseconds: milliseconds)
        } else {
            simulation.world.standstill = milliseconds
            simulation.settle()
            simulation.world.standstill = 0
        }
        crowd.examine()
    }

    private func advance(_ range: ClosedRange<Int>) {
        let milliseconds = simulation.world.random.number(in: range)
        simulation.advance(milliseconds: UInt64(milliseconds))
    }

    /// Ends all faults, so that everything under way can finish.
    private func calmDown() {
        crowd.calmDown()
        hall?.calmDown()
        simulation.store?.faults = .none
        simulation.store?.recover()
        mob.vanish()
        settleDown()
        rest()
        crowd.checkAll()
        hall?.checkAll()
    }

    /// Lets absent users come back and receive everything.
    private func rest() {
        for _ in 0..<3 {
            crowd.gather()
            hall?.gather()
            settleDown()
        }
        crowd.regulars.talk()
        crowd.regulars.askMembers()
        hall?.ask()
        settleDown()
        // A client that has vanished, or left a ping unanswered, is closed by then.
        simulation.advance(seconds: 45)
        crowd.examine()
    }

    /// Runs until the server has read everything, and a while longer.
    private func settleDown() {
        for _ in 0..<60 where simulation.world.violations.isEmpty {
            simulation.advance(seconds: 1)
            crowd.examine()
            if simulation.isQuiet { break }
        }
        simulation.advance(seconds: 3)
        crowd.examine()
    }

    /// Lets every user leave, and checks that nothing stays behind.
    private func disperse() {
        crowd.disperse()
        hall?.disperse()
        simulation.advance(seconds: 60)
        crowd.examine()
        simulation.checkEmpty()
        simulation.world.raise(Self.termination)
        simulation.settle()
        checkEnded()
    }

    /// A signal arrives while all users are there and send lines. All are told, and the server ends
    /// in time.
    private func drain() {
        crowd.isDraining = true
        crowd.talk()
        for _ in 0..<10 { mob.act() }
        simulation.world.raise(Self.termination)
        simulation.advance(seconds: 5)
        crowd.examine()
        checkEnded()
        for visit in crowd.visits where visit.isChatting {
            simulation.world.violate("client \(visit.client.number) was left in the chat")
        }
    }

    func checkEnded() {
        guard simulation.life != .ended else { return }
        simulation.world.violate("the server is \(simulation.life) after the signal")
    }
}
