/// An order of the conductor to all processes of a run.
enum Order: Codable {
    /// Times are nanoseconds of the clock that all of them share.
    case begin(Share, origin: UInt64)
    /// All have reached the barrier. The next part begins at this time.
    case go(Barrier, at: UInt64)
    /// All have sent their lines. Carries the number of lines of each connection, by its number.
    case settle(sent: [Int: Int])
    /// The run ends early.
    case stop
}
