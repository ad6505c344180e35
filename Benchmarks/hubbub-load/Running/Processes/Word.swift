/// A message of a process of a run to the conductor.
enum Word: Codable {
    case reached(Barrier)
    /// ``Barrier/talked``. Carries the number of lines of each of its connections, by number.
    case talked(sent: [Int: Int])
    case interval(Interval)
    case outcome(Outcome)
    /// The run is impossible or worthless. Carries the reason.
    case failed(String)
}
