internal import Reactor
internal import TestSupport

/// Clients that attack the server while a crowd uses it. Their own fate doesn't matter: the crowd
/// must not notice them, and the server must keep its limits.
final class Mob {
    private final class Attacker {
        let client: Client
        let attack: Attack
        var steps = 0

        init(client: Client, attack: Attack) {
            self.client = client
            self.attack = attack
        }
    }

    private let simulation: Simulation
    private let world: World
    private let size: Int
    private let rooms: [String]
    private let attacks: [Attack]
    private var attackers: [Attacker] = []

    /// All attackers share a few kinds of attack, so that each kind is the main one for some seeds.
    init(simulation: Simulation, size: Int, rooms: [String]) {
        self.simulation = simulation
        world = simulation.world
        self.size = size
        self.rooms = rooms
        attacks = (0..<world.random.number(in: 1...4)).map { [world] _ in
            world.random.pick(Attack.allCases)
        }
    }

    /// Lets a few attackers act.
    func act() {
        attackers.removeAll { $0.client.ending != nil || $0.client.link.isReset }
        guard size > 0 else { return }
        for _ in 0..<world.random.number(in: 1...size) {
            if attackers.count < size { arrive() }
            let attacker = world.random.pick(attackers)
            // An attacker sends more only after its earlier bytes have been read.
            guard attacker.client.isSilent else { continue }
            attacker.attack.step(attacker.steps, by: attacker.client, in: world)
            attacker.steps += 1
        }
    }

    private func arrive() {
        let address = SocketAddress(
            ipv4: 0xC633_6400 + UInt32(world.random.number(in: 1...3)), port: 1)
        let client = simulation.connect(from: address)
        let attack = world.random.pick(attacks)
        client.isCut = world.random.happens(world.faults.cuts)
        client.endsInReturn = world.random.happens(500)
        client.reads = attack.reads
        client.compression = .drawn(from: &world.random, for: simulation.limits)
        if attack.isInChat { client.handshake(room: world.random.pick(rooms)) }
        attackers.append(Attacker(client: client, attack: attack))
        world.note("client \(client.number) attacks: \(attack)")
    }

    /// Ends all attacks.
    func vanish() {
        for attacker in attackers { attacker.client.link.reset() }
        attackers = []
    }
}
