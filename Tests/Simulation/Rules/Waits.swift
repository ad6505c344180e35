internal import ChatServer

/// Whether well-behaved clients may be asked to wait.
enum Waits {
    /// Whether the limits of what clients send and ask for are below the defaults.
    static func mayHappen(_ limits: Limits) -> Bool {
        let usual = Limits()
        return limits.bytesPerSecond > 0
            || limits.costPerSecond > 0
                && (limits.costPerSecond < usual.costPerSecond
                    || limits.costBurst < usual.costBurst)
    }
}
