internal import ChatServer
package import Reactor

/// Turns of the server without a check of its state, which takes as long as there are connections.
/// They are for measurements.
extension Simulation {
    /// Lets only this client send its pending bytes, then runs one turn of the server.
    package func tickUnchecked(polling client: Client?) throws(SystemError) {
        client?.push()
        world.horizon = world.now
        try server.tick(buffer: &buffer)
    }

    /// Lets time pass by such turns, while no client does anything.
    package func passUnchecked(milliseconds: UInt64) throws(SystemError) {
        let target = world.now.advanced(byMilliseconds: milliseconds)
        while world.now < target {
            world.horizon = target
            try server.tick(buffer: &buffer)
        }
    }

    /// Runs such turns until nobody has anything left to do at this instant.
    package func settleUnchecked() throws(SystemError) {
        var isIdle = false
        while !isIdle {
            let haveActed = poll()
            world.horizon = world.now
            try server.tick(buffer: &buffer)
            isIdle = !poll() && !haveActed && world.isIdle
        }
    }
}
