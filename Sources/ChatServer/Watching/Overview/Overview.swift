internal import Chat
internal import Reactor

/// What an operator sees of a server that nothing else counts.
struct Overview {
    /// When the server began, on the loop's clock.
    let began: Instant
    var ends = RecentEnds()
    var samples: Samples
    var ranking = RoomRanking()
    /// The limits that differ from the defaults.
    var changes: [Settings.Change]

    init(_ settings: Settings, at now: Instant) {
        began = now
        samples = Samples(at: now)
        changes = settings.changes
    }
}
