internal import Chat

/// An object with one field of `change`, `held`, `said`, `dropped` and `notice`. `after`, beside
/// `change`, is the number of the line before it, as the shard gives it.
extension NodeNews: Codable {
    private struct Fields: Codable {
        var room: RoomName?
        var change: RoomChange?
        var after: UInt64?
        var held: [HeldLine]?
        var said: [HeldReply.Said]?
        var dropped: [UInt64]?
        var notice: ServerNotice?
        var by: NodeRun?
    }

    package init(from decoder: any Decoder) throws {
        let fields = try Fields(from: decoder)
        if let room = fields.room, let change = fields.change {
            self = .change(room, change.placed(after: fields.after ?? change.after))
        } else if let lines = fields.held, let run = fields.by {
            self = .held(lines, by: run)
        } else if let said = fields.said, let run = fields.by {
            self = .said(said, by: run)
        } else if let notice = fields.notice, let run = fields.by {
            self = .notice(notice, by: run)
        } else {
            // A newer node tells something that this one doesn't know.
            self = .dropped(fields.dropped ?? [])
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var fields = Fields()
        switch self {
        case .change(let room, let change):
            (fields.room, fields.change, fields.after) = (room, change, change.after)
        case .held(let lines, let run): (fields.held, fields.by) = (lines, run)
        case .said(let said, let run): (fields.said, fields.by) = (said, run)
        case .dropped(let ids): fields.dropped = ids
        case .notice(let notice, let run): (fields.notice, fields.by) = (notice, run)
        }
        try fields.encode(to: encoder)
    }
}
