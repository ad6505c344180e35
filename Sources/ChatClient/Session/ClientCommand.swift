internal import FoundationEssentials

/// A command of a client of the dialect `hubbub.v1`.
public enum ClientCommand: Equatable, Sendable {
    /// The way to enter a room.
    public enum Entry: Equatable, Sendable {
        /// With this many of its last lines, 0 to ``Command/lineLimit``.
        case history(Int)
        /// With every line after this one.
        case after(epoch: String, seq: UInt64)
    }

    /// With `rev`, changes of the room are wanted, too: those after this one.
    case join(room: String, username: String, Entry, rev: UInt64? = nil, id: String)
    case leave(room: String, id: String)
    case message(room: String, text: String, id: String)
    /// Requests at most `limit` lines, 1 to ``Command/lineLimit``, with numbers below `before`.
    case history(room: String, before: UInt64, limit: Int, id: String)
    case members(room: String, id: String)
    case moderate(ModerationCommand, room: String, id: String)

    /// The text message of the command.
    public var text: [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
        guard let data = try? encoder.encode(Encoded(command: self)) else {
            preconditionFailure("strings and numbers can be encoded")
        }
        return Array(data)
    }

    private struct Encoded: Encodable {
        let command: ClientCommand

        private enum Key: CodingKey {
            case type, id, room, username, history, after, rev, message, before, limit
        }

        private struct After: Encodable {
            let epoch: String
            let seq: UInt64
        }

        func encode(to encoder: any Encoder) throws {
            var fields = encoder.container(keyedBy: Key.self)
            switch command {
            case .join(let room, let username, let entry, let rev, let id):
                try encode("join", room, id, into: &fields)
                try fields.encode(username, forKey: .username)
                try fields.encodeIfPresent(rev, forKey: .rev)
                switch entry {
                case .history(let count): try fields.encode(count, forKey: .history)
                case .after(let epoch, let seq):
                    try fields.encode(After(epoch: epoch, seq: seq), forKey: .after)
                }
            case .leave(let room, let id): try encode("leave", room, id, into: &fields)
            case .message(let room, let text, let id):
                try encode("message", room, id, into: &fields)
                try fields.encode(text, forKey: .message)
            case .history(let room, let before, let limit, let id):
                try encode("history", room, id, into: &fields)
                try fields.encode(before, forKey: .before)
                try fields.encode(limit, forKey: .limit)
            case .members(let room, let id): try encode("members", room, id, into: &fields)
            case .moderate(let command, let room, let id):
                try encode(command.type, room, id, into: &fields)
                try command.encodeFields(to: encoder)
            }
        }

        private func encode(
            _ type: String, _ room: String, _ id: String,
            into fields: inout KeyedEncodingContainer<Key>
        ) throws {
            try fields.encode(type, forKey: .type)
            try fields.encode(id, forKey: .id)
            try fields.encode(room, forKey: .room)
        }
    }
}
