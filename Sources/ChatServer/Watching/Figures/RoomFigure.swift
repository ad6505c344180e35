internal import Chat

/// One room, for those that watch the server.
struct RoomFigure: Equatable {
    let name: RoomName
    let members: Int
    /// Members that are fed at their own pace.
    let behind: Int
    /// Lines a second between the last two surveys.
    let linesPerSecond: Double
}
