internal import Chat
internal import ChatStore
internal import Webhooks

/// The store as a webhook reads it, and where the webhook's place is kept.
struct StoredSource: WebhookSource {
    let reader: StreamReader
    let cursors: CursorFile
    /// Whether the webhook was taken out of the configuration: then nothing of it is kept.
    let isForgotten: @Sendable () -> Bool

    func heads(of rooms: [RoomName]?) throws -> (epoch: String, heads: [RoomHead]) {
        try reader.heads(of: rooms)
    }

    func adjusted(
        _ cursors: [RoomName: RoomCursor], of epoch: String
    ) throws -> [RoomName: RoomCursor] {
        try reader.adjusted(cursors, of: epoch)
    }

    func page(of room: RoomName, from: UInt64, through: UInt64) throws -> RoomPage {
        try reader.page(of: room, from: from, through: through)
    }

    func changes(
        of room: RoomName, after rev: UInt64, atMost limit: Int
    ) throws -> [ChangeRecord] {
        try reader.changes(of: room, after: rev, atMost: limit)
    }

    func last(
        of room: RoomName, behind cursor: RoomCursor, before time: Timestamp
    ) throws -> RoomCursor {
        try reader.last(of: room, behind: cursor, before: time)
    }

    func save(_ state: FollowerState, of webhook: String) throws {
        if !isForgotten() { try cursors.save(state, of: webhook) }
    }
}
