/// One second of a run.
struct Interval: Codable, Equatable {
    /// Seconds from the start of the run to the end of this one.
    let second: Int
    /// Connections in their room at the end of the second.
    var connections = 0
    /// Handshakes, sent lines and deliveries in the second.
    var opened = 0
    var sent = 0
    var delivered = 0
    var latencies = Latencies()

    mutating func add(_ other: Interval) {
        connections += other.connections
        opened += other.opened
        sent += other.sent
        delivered += other.delivered
        latencies.add(other.latencies)
    }
}
