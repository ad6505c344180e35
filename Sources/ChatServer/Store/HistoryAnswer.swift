internal import Chat
internal import Reactor

/// The answer to a `history` command, as far as it has arrived.
struct HistoryAnswer {
    let id: String?
    let room: RoomName
    /// The range of lines that is left to read.
    var from: UInt64
    let through: UInt64
    /// The lines that have arrived.
    var lines: [Line] = []
}
