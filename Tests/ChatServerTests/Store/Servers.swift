import Chat
import ChatServer
import Simulation

/// Servers that follow one orderer in memory, each on its own network.
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

    /// Runs these servers, or all, and the orderer until nothing is left to do. A line needs one
    /// turn to the orderer and one back, and missed lines need two more.
    func settle(_ numbers: [Int]? = nil) {
        let awake = numbers.map { $0.map { simulations[$0] } } ?? simulations
        for _ in 0..<8 {
            for simulation in awake { simulation.settle() }
            orderer.drain()
            for simulation in awake { simulation.world.isWoken = true }
        }
        for simulation in awake { simulation.settle() }
    }

    /// Rules that a server, the simulation or an orderer has broken.
    var violations: [String] { simulations.flatMap(\.world.violations) }
}
