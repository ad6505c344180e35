/// Where the processes of a run wait for each other.
enum Barrier: String, Codable {
    /// Half of the connections are open, and all of them.
    case half, opened
    /// Nothing more will be sent.
    case talked
    /// Lines have settled, and connections are still open.
    case settled
}

/// What a process of a run tells the conductor.
enum Word: Codable {
    case reached(Barrier)
    /// ``Barrier/talked``: how many lines each of its connections has sent, by number.
    case talked(sent: [Int: Int])
    case interval(Interval)
    case outcome(Outcome)
    /// The run is impossible, or worth nothing: why.
    case failed(String)
}

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
