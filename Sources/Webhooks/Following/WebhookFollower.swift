public import Chat

/// Follows the rooms' streams for one webhook: decides what its next request has, and when it is
/// sent. It does no I/O of its own but by the source that it is handed. Times are in milliseconds
/// of a monotonic clock.
///
/// Of a request that is tried again, only the end is kept in memory: each try reads its events
/// anew. So a receiver that never answers costs no memory, and no text of a line is sent after the
/// line was deleted.
public struct WebhookFollower {
    public enum Step: Equatable, Sendable {
        case post(WebhookPost)
        /// There is nothing to do until this time, or until something happens. Nil: only then.
        case wait(until: UInt64?)
    }

    /// How long an event is tried to be delivered, in milliseconds.
    static let day: Int64 = 86_400_000
    /// Events of the feed in one request, beside those of the store.
    private static let feedShare = 64

    public let webhook: Webhook
    let feed: EventFeed
    let isStored: Bool
    public internal(set) var report: FollowerReport
    /// Where it is in each room that it knows.
    var state: FollowerState
    /// What of that isn't stored yet.
    var unsaved: [RoomName: RoomCursor] = [:]
    /// Whether it was never here before: it is told of what comes from now on.
    var isNew: Bool
    private var retry = RetryClock()
    /// Whether the receiver has said that it wants no more.
    public private(set) var hasEnded = false
    private var needsReset = true
    /// The position in the feed.
    public private(set) var position: UInt64
    /// The request that is being tried.
    var current: BatchExtent?
    /// Up to where each room, and the feed, is given up.
    var floors: [RoomName: RoomCursor] = [:]
    private var feedFloor: UInt64 = 0
    /// The room that comes first, so that each has its turn.
    private var turn = 0

    /// - Parameters:
    ///   - state: what was stored of it. Nil if nothing was.
    ///   - isStored: whether lines and changes are in a store. Otherwise all comes by the feed.
    public init(_ webhook: Webhook, state: FollowerState?, feed: EventFeed, isStored: Bool) {
        (self.webhook, self.feed, self.isStored) = (webhook, feed, isStored)
        self.state = state ?? FollowerState()
        isNew = state == nil
        position = feed.end
        report = FollowerReport(name: webhook.name)
    }

    /// Decides what to do now. `source` is needed if lines are stored.
    public mutating func step(
        from source: (any WebhookSource)?, at now: UInt64, time: Timestamp
    ) throws -> Step {
        if hasEnded { return .wait(until: nil) }
        guard now >= retry.next else { return .wait(until: retry.next) }
        // Members are noted first: the lines before them are there then.
        let limit = isStored ? Self.feedShare : EventBatch.limit
        let excerpt = feed.entries(
            from: max(position, feedFloor), through: current?.feedEnd ?? .max, atMost: limit)
        let heads = try source.map { try look(at: $0) } ?? []
        var batch = EventBatch(for: webhook)
        begin(&batch, before: excerpt)
        var members: [RoomName: [EventFeed.Entry]] = [:]
        if let source {
            for entry in excerpt.entries { members[entry.room, default: []].append(entry) }
            for head in inTurn(heads) {
                if batch.isFull { break }
                let ofRoom = members.removeValue(forKey: head.room) ?? []
                try take(head, ofRoom, from: source, at: time, into: &batch)
            }
        }
        batch.extent.feedEnd = excerpt.first
        for entry in excerpt.entries {
            if !isStored, batch.isFull { break }
            batch.extent.feedEnd += 1
            if !isStored || members[entry.room] != nil, webhook.takes(entry.room) {
                batch.add(entry.event)
            }
        }
        guard !batch.isEmpty else {
            let isBehind = !batch.extent.rooms.isEmpty || batch.extent.feedEnd > position
            passed(batch.extent)
            return .wait(until: isBehind ? now : nil)
        }
        current = batch.extent
        return .post(batch.post)
    }

    /// The request that ``step(from:at:time:)`` has returned is over. `jitter` is from 0 to 1.
    public mutating func answered(
        _ outcome: WebhookOutcome, to source: (any WebhookSource)?, at now: UInt64,
        time: Timestamp, jitter: Double
    ) throws {
        switch outcome {
        case .delivered:
            retry.succeeded()
            state.failingSince = nil
            report.isFailing = false
            if let current {
                report.delivered += UInt64(current.count)
                report.givenUp += current.givenUp
                needsReset = false
                passed(current)
            }
            try save(to: source)
        case .gone, .failed:
            hasEnded = outcome == .gone
            report.isFailing = true
            retry.failed(at: now, jitter: jitter)
            let since = state.failingSince ?? time
            if state.failingSince == nil {
                state.failingSince = since
                try save(to: source)
            }
            if time.milliseconds - since.milliseconds >= Self.day {
                feedFloor = max(
                    feedFloor,
                    feed.position(
                        notBefore: Timestamp(milliseconds: time.milliseconds - Self.day)))
                try giveUp(
                    before: Timestamp(milliseconds: time.milliseconds - Self.day), from: source)
            }
        }
    }

    /// Keeps where it is.
    public mutating func save(to source: (any WebhookSource)?) throws {
        guard let source else { return }
        let changed = FollowerState(
            epoch: state.epoch, cursors: unsaved, failingSince: state.failingSince)
        try source.save(changed, of: webhook.name)
        unsaved = [:]
    }

    /// The rooms of the request that is tried again, in its order. Otherwise all, beginning with
    /// another one each time.
    private mutating func inTurn(_ heads: [RoomHead]) -> [RoomHead] {
        if let current {
            let known = Dictionary(heads.map { ($0.room, $0) }) { first, _ in first }
            return current.rooms.compactMap { known[$0] }
        }
        guard !heads.isEmpty else { return [] }
        turn = (turn + 1) % heads.count
        return Array(heads[turn...] + heads[..<turn])
    }

    /// Adds what comes before all events: that members of earlier runs are gone, and that events
    /// were dropped.
    private func begin(_ batch: inout EventBatch, before excerpt: EventFeed.Excerpt) {
        let incarnation = feed.incarnation
        if needsReset {
            if webhook.takesMembers { batch.add(.reset(incarnation)) }
            if !isStored { batch.add(.gap(missed: nil, before: 0, incarnation)) }
        }
        guard excerpt.first > position, !isStored || webhook.takesMembers else { return }
        let missed = excerpt.first - position
        batch.add(.gap(missed: missed, before: excerpt.first, incarnation))
        batch.extent.givenUp += missed
    }

    /// The webhook has got all of that, or wants nothing of it.
    private mutating func passed(_ extent: BatchExtent) {
        for room in extent.rooms {
            guard let end = extent.ends[room] else { continue }
            state.cursors[room] = end
            unsaved[room] = end
            if let floor = floors[room], end.seq >= floor.seq, end.rev >= floor.rev {
                floors[room] = nil
            }
        }
        position = extent.feedEnd
        current = nil
    }
}
