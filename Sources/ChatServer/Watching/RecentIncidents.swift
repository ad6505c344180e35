internal import Chat

/// The last incidents. They take the same memory however many there are.
struct RecentIncidents {
    /// Incidents that are kept.
    static let capacity = 1_000

    private var ring: [Incident] = []
    /// The place of the oldest incident, once all places are taken.
    private var oldest = 0

    mutating func add(_ kind: Incident.Kind, _ dialect: Dialect?, at time: Timestamp) {
        let incident = Incident(time: time, kind: kind, dialect: dialect)
        guard ring.count == Self.capacity else { return ring.append(incident) }
        ring[oldest] = incident
        oldest = oldest + 1 == Self.capacity ? 0 : oldest + 1
    }

    /// The incidents, the last one first.
    var latest: [Incident] { (ring[oldest...] + ring[..<oldest]).reversed() }
}
