internal import Chat

/// A read that waits for a connection.
struct PendingRead {
    let room: RoomName
    let from: UInt64
    let through: UInt64
}
