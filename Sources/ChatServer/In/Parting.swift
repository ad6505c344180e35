/// Why a connection is to leave the chat as soon as nobody is in the middle of a loop.
enum Parting: Equatable {
    /// Its socket, or the poller, has failed: it ends without another word.
    case broken
    /// It is too slow: it is closed with 1013 and this reason.
    case laggard(String)
}
