/// What one second of a run was like.
struct Interval: Codable, Equatable {
    /// Seconds from the start of the run to the end of this one.
    let second: Int
    /// Connections that are in their room at its end.
    var connections = 0
    /// Handshakes, lines that were sent, and deliveries in it.
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
