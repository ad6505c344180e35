internal import Chat
internal import ChatServer
internal import ChatStore
internal import Dispatch
internal import Logging
internal import Synchronization
internal import Webhooks

/// The webhooks of a daemon: their threads, and the events that no store keeps.
final class WebhookService: RoomObserver {
    /// Where lines are stored. Nil if they aren't.
    private let directory: String?
    private let feed: EventFeed
    private let log: Logger
    private let bells: Mutex<[WebhookBell]>
    private let posters = Mutex<[WebhookPoster]>([])
    /// Nil until there is a webhook.
    private let cursors = Mutex<CursorFile?>(nil)
    private let hasBegun = Atomic(false)

    init(directory: String?, log: Logger) {
        (self.directory, self.log) = (directory, log)
        bells = Mutex([])
        feed = EventFeed(incarnation: Epoch(number: .random(in: .min ... .max)).text)
    }

    /// These webhooks are served from now on. One that is the same as before goes on, unless its
    /// receiver wanted no more events.
    func use(_ webhooks: [Webhook]) throws(Complaint) {
        let before = posters.withLock { $0 }
        let isFirst = hasBegun.exchange(true, ordering: .relaxed) == false
        guard !webhooks.isEmpty || !before.isEmpty else { return }
        let cursors = try openCursors()
        for poster in before where !webhooks.contains(where: { $0.name == poster.webhook.name }) {
            poster.forget()
        }
        if let cursors {
            try? cursors.forget(allBut: webhooks.map(\.name))
            for webhook in webhooks { try? begin(webhook, cursors) }
        }
        feed.keep(webhooks.reduce(into: []) { $0.formUnion($1.kinds) })
        var after: [WebhookPoster] = []
        for webhook in webhooks {
            let old = before.first { $0.webhook.name == webhook.name }
            if let old, old.webhook == webhook, !old.hasEnded {
                after.append(old)
                continue
            }
            let poster = WebhookPoster(
                webhook, directory: directory, cursors: cursors, feed: feed, log: log,
                passed: { [weak self] in self?.forget() })
            old?.bell.stop()
            poster.start(after: old)
            after.append(poster)
        }
        bells.withLock { $0 = after.map(\.bell) }
        posters.withLock { $0 = after }
        // The store is open already.
        if !isFirst { ring() }
    }

    /// A webhook that wasn't here before is told of what comes from now on.
    private func begin(_ webhook: Webhook, _ cursors: CursorFile) throws {
        guard let directory, try cursors.state(of: webhook.name) == nil else { return }
        let reader = StreamReader(directory: directory)
        defer { reader.close() }
        var state = FollowerState()
        if reader.hasFile {
            let (epoch, heads) = try reader.heads(of: nil)
            state.epoch = epoch
            for head in heads { state.cursors[head.room] = head.last }
        }
        try cursors.save(state, of: webhook.name)
    }

    private func openCursors() throws(Complaint) -> CursorFile? {
        guard let directory else { return nil }
        if let known = cursors.withLock({ $0 }) { return known }
        do throws(CursorFile.Refusal) {
            let opened = try CursorFile(directory: directory, log: log)
            cursors.withLock { $0 = opened }
            return opened
        } catch {
            throw Complaint(.cannotCreate, "--data \(error)")
        }
    }

    /// Something may have been stored. Never blocks, on whatever thread.
    func ring() {
        for bell in bells.withLock({ $0 }) { bell.ring() }
    }

    /// Ends the threads. A request that is under way isn't waited for.
    func close() {
        let posters = posters.withLock { $0 }
        for poster in posters { poster.bell.stop() }
        let deadline = DispatchTime.now() + .seconds(1)
        for poster in posters { poster.waitForEnd(until: deadline) }
        cursors.withLock { $0?.close() }
    }

    // MARK: What the server tells

    var takesMembers: Bool { feed.takesMembers }
    var takesLines: Bool { directory == nil && feed.takesLines }

    func entered(
        _ room: RoomName, as username: String?, user: String?, after seq: UInt64,
        at time: Timestamp
    ) {
        if feed.moved(.joined, room, as: username, user: user, after: seq, at: time) { ring() }
    }

    func left(
        _ room: RoomName, as username: String?, user: String?, after seq: UInt64,
        at time: Timestamp
    ) {
        if feed.moved(.left, room, as: username, user: user, after: seq, at: time) { ring() }
    }

    func said(_ line: Line, in room: RoomName) {
        feed.said(line, in: room)
        ring()
    }

    func changed(_ change: RoomChange, in room: RoomName) {
        guard let record = ChangeRecord(change) else { return }
        feed.changed(record, in: room)
        ring()
    }

    var reports: [FollowerReport] { posters.withLock { $0 }.map(\.report) }

    /// What all have got is kept no longer.
    private func forget() {
        let positions = posters.withLock { $0 }.compactMap(\.position)
        if let first = positions.min() { feed.forget(before: first) }
    }
}
