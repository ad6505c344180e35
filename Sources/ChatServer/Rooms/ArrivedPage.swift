internal import Chat
internal import Reactor

/// Lines that have arrived from the store for members that are behind.
struct ArrivedPage {
    let key: History.ReadKey
    /// Nil if they could not be read.
    let page: RoomPage?
    /// Its lines in frames. The page holds their references. Nil if there are no lines.
    var batch: SealedBatch?
    /// Connections that have yet to get them.
    var members: [Token]
}
