/// One line of chat, in its place in the order of its room.
public struct Line: Hashable, Sendable {
    public let room: RoomID
    /// 1, 2, 3 … in its room.
    public let seq: UInt64
    public let time: Timestamp
    public let username: String
    public let message: String

    init(_ draft: Draft, room: RoomID, seq: UInt64) {
        self.room = room
        self.seq = seq
        time = draft.time
        username = draft.username
        message = draft.message
    }
}
