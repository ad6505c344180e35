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
