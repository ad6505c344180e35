import Chat
import ChatServer
import Simulation

/// Servers that follow one orderer in memory, each on a network of its own.
struct Servers {
    let orderer = MemoryOrderer()
    let followers: [MemoryFollower]
    let simulations: [Simulation]

    init(_ count: Int, mailbox limit: Int = .max, limits: Limits = .generous()) throws {
        let orderer = orderer
        let followers = (0..<count).map { _ in orderer.makeFollower(mailbox: limit) {} }
        self.followers = followers
        simulations = try followers.map { try Simulation(limits: limits, orderer: $0) }
    }

    subscript(number: Int) -> Simulation { simulations[number] }

    /// Lets these servers, or all, and the orderer go on until nothing is left to do: a line needs
    /// one turn to the orderer and one back, and what was missed two more.
    func settle(_ numbers: [Int]? = nil) {
        let awake = numbers.map { $0.map { simulations[$0] } } ?? simulations
        for _ in 0..<8 {
            for simulation in awake { simulation.settle() }
            orderer.drain()
            for simulation in awake { simulation.world.isWoken = true }
        }
        for simulation in awake { simulation.settle() }
    }

    /// What a server, the simulation or an orderer did against a rule.
    var violations: [String] { simulations.flatMap(\.world.violations) }
}
