internal import Chat
internal import Reactor

/// Lines that have arrived from the store for members that are behind.
struct ArrivedPage {
    let key: ReadQueue.Key
    /// The number of its first line. Nil if it has none.
    let first: UInt64?
    /// The last number that it covers. Nil if it could not be read.
    let through: UInt64?
    /// Its lines in frames. The page holds their references. Nil if there are no lines.
    var batch: SealedBatch?
    /// Connections that have yet to get them.
    var members: [Token]
}
