/// How time passes.
extension Simulation {
    package func advance(seconds: UInt64) { advance(milliseconds: seconds * 1_000) }

    /// The server's process stands still for this long. Its clients go on, and its kernel still
    /// sends and receives.
    package func freeze(milliseconds: UInt64) {
        world.note("the server stands still")
        while poll() {}
        world.spend(milliseconds * 1_000_000)
        while poll() {}
    }
}
