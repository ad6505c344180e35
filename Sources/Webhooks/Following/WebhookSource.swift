public import Chat

/// What a webhook reads of the store. Its calls block, and throw if the store can't be read now.
public protocol WebhookSource {
    /// The epoch of all numbers, and the ends of these rooms, or of all.
    func heads(of rooms: [RoomName]?) throws -> (epoch: String, heads: [RoomHead])

    /// Cursors of an epoch that isn't the present one any more: those of lines that were lost go
    /// back to the last one that wasn't.
    func adjusted(
        _ cursors: [RoomName: RoomCursor], of epoch: String
    ) throws -> [RoomName: RoomCursor]

    /// Lines of a room, without the texts of those that were deleted: as many as fit into a page.
    func page(of room: RoomName, from: UInt64, through: UInt64) throws -> RoomPage

    /// Changes of a room after a number, in order.
    func changes(of room: RoomName, after rev: UInt64, atMost limit: Int) throws -> [ChangeRecord]

    /// The last line and the last change of a room behind a cursor that are older than a time.
    func last(of room: RoomName, behind cursor: RoomCursor, before time: Timestamp) throws
        -> RoomCursor

    /// Keeps where a webhook is: in the rooms of the state, besides those that are kept already.
    func save(_ state: FollowerState, of webhook: String) throws
}
