public import Chat
internal import Synchronization

/// The events that no store keeps: members that come and go and, without a history, lines and
/// changes. It keeps the last ones, for all webhooks. Past its bound, the oldest are dropped, and a
/// webhook that hasn't got them is told how many.
public final class EventFeed: Sendable {
    /// The events and the bytes that it keeps.
    static let limit = 65_536
    static let byteLimit = 16 << 20

    struct Entry: Equatable {
        let room: RoomName
        let time: Timestamp
        /// The room's last line when it happened, or the line itself.
        let seq: UInt64
        fileprivate(set) var event: WebhookEvent
    }

    /// What is kept behind a position.
    struct Excerpt: Equatable {
        /// The position of the first entry. It is behind the one that was asked for if entries were
        /// dropped.
        let first: UInt64
        let entries: [Entry]

        var end: UInt64 { first + UInt64(entries.count) }
    }

    private struct State {
        /// The position of the first entry that is kept.
        var first: UInt64 = 0
        var entries: [Entry?] = []
        /// Entries at the start of the list that were dropped.
        var dropped = 0
        var bytes = 0
        var kinds: Set<WebhookEventKind> = []

        var end: UInt64 { first + UInt64(entries.count - dropped) }
    }

    private let state = Mutex(State())
    private let wantsMembers = Atomic(false)
    private let wantsLines = Atomic(false)
    /// Names this run of the server.
    public let incarnation: String

    public init(incarnation: String) {
        self.incarnation = incarnation
    }

    /// Only these kinds of events are kept from now on.
    public func keep(_ kinds: Set<WebhookEventKind>) {
        state.withLock { $0.kinds = kinds }
        let ofMembers: Set<WebhookEventKind> = [.joined, .left]
        wantsMembers.store(!kinds.isDisjoint(with: ofMembers), ordering: .relaxed)
        wantsLines.store(!kinds.subtracting(ofMembers).isEmpty, ordering: .relaxed)
    }

    /// Whether members are wanted.
    public var takesMembers: Bool { wantsMembers.load(ordering: .relaxed) }

    /// Whether anything but members is wanted.
    public var takesLines: Bool { wantsLines.load(ordering: .relaxed) }

    // MARK: What happens

    /// A member has come or gone, behind the line with this number. Returns whether that is kept.
    public func moved(
        _ kind: WebhookEventKind, _ room: RoomName, as username: String?, user: String?,
        after seq: UInt64, at time: Timestamp
    ) -> Bool {
        add(kind, in: room, at: time, seq) { position in
            var event: [UInt8] = []
            EventWriter.member(
                kind == .joined ? "member.joined" : "member.left", of: room, username, user: user,
                after: seq, at: time, incarnation: incarnation, into: &event)
            return WebhookEvent(id: "\(room.text)/member\(position)/\(incarnation)", kind, event)
        }
    }

    /// A line was said that isn't kept.
    public func said(_ line: Line, in room: RoomName) {
        add(.message, in: room, at: line.time, line.seq) { _ in WebhookEvent(line, in: room) }
    }

    /// A room has changed whose lines aren't kept.
    public func changed(_ record: ChangeRecord, in room: RoomName) {
        let change = record.change
        let gone = Set(change.goneLines)
        if !gone.isEmpty { cut(gone, from: room) }
        for event in WebhookEvent.all(of: record, in: room) {
            add(event.kind, in: room, at: change.time, change.after) { _ in event }
        }
    }

    @discardableResult
    private func add(
        _ kind: WebhookEventKind, in room: RoomName, at time: Timestamp, _ seq: UInt64,
        _ make: (UInt64) -> WebhookEvent
    ) -> Bool {
        state.withLock { state in
            guard state.kinds.contains(kind) else { return false }
            let entry = Entry(room: room, time: time, seq: seq, event: make(state.end))
            state.entries.append(entry)
            state.bytes += entry.event.content.count
            while state.bytes > Self.byteLimit || state.entries.count - state.dropped > Self.limit {
                state.bytes -= state.entries[state.dropped]?.event.content.count ?? 0
                state.entries[state.dropped] = nil
                state.dropped += 1
                state.first += 1
            }
            if state.dropped > Self.limit {
                state.entries.removeFirst(state.dropped)
                state.dropped = 0
            }
            return true
        }
    }

    /// The texts of deleted lines leave memory.
    private func cut(_ seqs: Set<UInt64>, from room: RoomName) {
        state.withLock { state in
            for place in state.dropped..<state.entries.count {
                guard let entry = state.entries[place], entry.event.kind == .message,
                    entry.room == room, seqs.contains(entry.seq)
                else { continue }
                let line = Line(seq: entry.seq, time: entry.time, username: "", message: "")
                let event = WebhookEvent(line.deleted, in: room)
                state.bytes += event.content.count - entry.event.content.count
                state.entries[place]?.event = event
            }
        }
    }

    // MARK: Reading

    /// Entries behind a position, in order, up to another position, and at most `limit` of them.
    func entries(from position: UInt64, through end: UInt64 = .max, atMost limit: Int) -> Excerpt {
        state.withLock { state in
            let first = max(position, state.first)
            let last = min(end, state.end, first + UInt64(limit))
            guard first < last else { return Excerpt(first: first, entries: []) }
            let start = state.dropped + Int(first - state.first)
            let entries = state.entries[start..<start + Int(last - first)].compactMap(\.self)
            return Excerpt(first: first, entries: entries)
        }
    }

    /// The position behind all entries.
    public var end: UInt64 { state.withLock(\.end) }

    /// The position of the first entry that isn't older than a time.
    func position(notBefore time: Timestamp) -> UInt64 {
        state.withLock { state in
            let kept = state.entries[state.dropped...]
            let count = kept.prefix { $0.map { $0.time < time } ?? true }.count
            return state.first + UInt64(count)
        }
    }

    /// Entries that have been delivered to all are forgotten: those before a position.
    public func forget(before position: UInt64) {
        state.withLock { state in
            while state.first < position, state.dropped < state.entries.count {
                state.bytes -= state.entries[state.dropped]?.event.content.count ?? 0
                state.entries[state.dropped] = nil
                state.dropped += 1
                state.first += 1
            }
        }
    }
}
