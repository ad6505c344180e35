internal import Chat
internal import Reactor

/// What the server keeps for those that watch it, besides its counts: what the log says once a
/// minute, what ended or was refused last, the largest rooms, how long lines take, a few
/// figures of the last hour.
struct Monitor {
    var refusedOrigins = RefusedOrigins()
    var minute = MinuteCounts()
    var incidents = RecentIncidents()
    var rooms = RoomSurvey()
    var deliveries = DeliveryMeter()
    var samples: Samples
    /// When the server started.
    let started: Timestamp
    /// The limits that the operator has changed.
    var changedLimits: [ChangedLimit]

    /// - Parameter started: milliseconds since the start of 1970.
    init(_ settings: Settings, started: Int64, at now: Instant) {
        samples = Samples(at: now)
        self.started = Timestamp(milliseconds: started)
        changedLimits = settings.changedLimits
    }
}
