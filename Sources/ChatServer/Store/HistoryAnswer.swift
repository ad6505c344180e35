internal import Chat
internal import Reactor

/// The answer to a `history` command, as far as it has come.
struct HistoryAnswer {
    let id: String?
    let room: RoomName
    /// The lines that are left to be read.
    var from: UInt64
    let through: UInt64
    /// What has come.
    var lines: [Line] = []
}
