internal import Chat
internal import ChatServer
internal import TestSupport

/// How the server, its machine, or the machine of its store dies.
extension Storm {
    /// The server or its machine dies during its work, or is told to end.
    func die() {
        switch simulation.world.random.number(in: 1...10) {
        case 1...2: return restart()
        case 3...4: for _ in 0..<simulation.world.random.number(in: 0...5) { simulation.tick() }
        default: approachDeath()
        }
        crowd.examine()
        guard simulation.world.violations.isEmpty else { return }
        if let disk = simulation.store?.disk, simulation.world.random.happens(200) {
            simulation.crashMachine(losing: simulation.world.random.number(in: 0...4))
            guard let left = simulation.store?.disk else { return }
            crowd.machineDied(in: disk.epoch.text, leaving: left)
            hall?.serverStarted(losing: true)
        } else {
            simulation.crash()
            hall?.serverStarted(losing: false)
        }
        crowd.serverStarted()
        crowd.examine()
    }

    /// Runs until a group of lines reaches a random stage, but at most for 20 ticks. Sometimes the
    /// clients haven't read what the server sent last.
    private func approachDeath() {
        let point = simulation.world.random.pick([
            AppendProgress.submitted, .committed, .answered,
        ])
        for _ in 0..<20 where simulation.store?.progress != point { simulation.tick() }
        if simulation.world.random.happens(300) { simulation.tickServer() }
    }

    /// Sends SIGTERM and starts a new server.
    private func restart() {
        crowd.isDraining = true
        simulation.world.raise(Self.termination)
        simulation.advance(seconds: 5)
        crowd.examine()
        checkEnded()
        simulation.startAgain()
        hall?.serverStarted(losing: false)
        crowd.serverStarted()
        crowd.examine()
        crowd.isDraining = false
    }

    /// Another machine takes over the store, perhaps without the newest lines. The server goes on.
    func failOver() {
        let groups = simulation.world.random.number(in: 0...4)
        guard let store = simulation.store else { return }
        let old = store.disk
        guard store.failOver(losing: groups) else { return }
        simulation.world.note("the store fails over, and loses \(groups) groups")
        crowd.failedOver(from: old, to: store.disk)
        if Bool.random(using: &simulation.world.random) { simulation.tick() }
        crowd.examine()
    }
}
