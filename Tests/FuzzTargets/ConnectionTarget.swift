internal import Simulation

/// A server with clients and a network that the bytes control. It breaks no rule of the simulation,
/// and is empty once all clients are gone.
enum ConnectionTarget {
    static func run(_ input: FuzzInput) throws(BrokenPromise) {
        var input = input
        guard let scene = try? Scene(&input) else {
            throw BrokenPromise("the server didn't start")
        }
        while !input.isAtEnd, scene.isClean, scene.steps < Scene.stepLimit { scene.step(&input) }
        scene.end()
        let violations = scene.simulation.world.violations
        try expect(violations.isEmpty, violations.joined(separator: "; "))
    }
}
