internal import Chat

/// A member that is behind, for those that watch the server.
struct LaggardFigure: Equatable {
    /// The index of its connection.
    let connection: Int
    let room: RoomName
    /// The lines that it has yet to get.
    let lines: UInt64
}
