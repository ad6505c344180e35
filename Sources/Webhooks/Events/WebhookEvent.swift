internal import Chat

/// An event as a webhook gets it.
struct WebhookEvent: Equatable {
    /// The same whenever the event is told.
    let id: String
    let kind: WebhookEventKind
    /// In JSON, without the id.
    let content: [UInt8]

    /// In JSON, with the id.
    var json: [UInt8] { EventWriter.identified(content, as: id) }

    /// A line, or what is left of one that was deleted.
    init(_ line: Line, in room: RoomName) {
        id = Self.id(of: line.seq, line.time, in: room)
        var event: [UInt8] = []
        if line.isDeleted {
            kind = .deleted
            EventWriter.mark(room: room, seq: line.seq, into: &event)
        } else {
            kind = .message
            EventWriter.line(
                room: room, seq: line.seq, time: line.time, username: line.username,
                message: line.message, by: line.author, into: &event)
        }
        content = event
    }

    init(id: String, _ kind: WebhookEventKind, _ content: [UInt8]) {
        (self.id, self.kind, self.content) = (id, kind, content)
    }

    /// A number may be used again after a backup was restored. The time tells the lines apart.
    private static func id(of seq: UInt64, _ time: Timestamp, in room: RoomName) -> String {
        "\(room.text)/\(seq)/\(time.milliseconds)"
    }

    /// What a change is told as.
    static func all(of record: ChangeRecord, in room: RoomName) -> [WebhookEvent] {
        let change = record.change
        let id = "\(room.text)/rev\(change.rev)/\(change.time.milliseconds)"
        return EventWriter.events(of: record, in: room).enumerated().compactMap { place, told in
            WebhookEventKind(rawValue: "\(told.type)").map {
                WebhookEvent(id: place == 0 ? id : "\(id)/\(place)", $0, told.event)
            }
        }
    }

    static func gap(in room: RoomName, from: RoomCursor, to: RoomCursor) -> WebhookEvent {
        var event: [UInt8] = []
        EventWriter.gap(of: room, from: from, to: to, into: &event)
        let id = "\(room.text)/gap\(from.seq)-\(to.seq)/\(from.rev)-\(to.rev)"
        return WebhookEvent(id: id, .gap, event)
    }

    static func gap(missed: UInt64?, before place: UInt64, _ incarnation: String) -> WebhookEvent {
        var event: [UInt8] = []
        EventWriter.gap(missed: missed, incarnation: incarnation, into: &event)
        return WebhookEvent(id: "\(incarnation)/gap\(place)", .gap, event)
    }

    static func reset(_ incarnation: String) -> WebhookEvent {
        var event: [UInt8] = []
        EventWriter.reset(incarnation: incarnation, into: &event)
        return WebhookEvent(id: "\(incarnation)/reset", .reset, event)
    }
}
