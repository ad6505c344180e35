internal import Chat
internal import Reactor

/// Lines that have come from the store for members that are behind.
struct ArrivedPage {
    let key: History.ReadKey
    /// Nil if they could not be read.
    let page: RoomPage?
    /// Its lines in frames, to which the page has the references; nil if there are none.
    var batch: SealedBatch?
    /// Connections that have yet to get them.
    var members: [Token]
}
