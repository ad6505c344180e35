/// What the conductor tells all processes of a run.
enum Order: Codable {
    /// Times are nanoseconds of the clock that all of them share.
    case begin(Share, origin: UInt64)
    /// All have reached the barrier: what is next begins at this time.
    case go(Barrier, at: UInt64)
    /// All have talked: how many lines each connection has sent, by number.
    case settle(sent: [Int: Int])
    /// The run ends early.
    case stop
}
