/// Why a connection must leave the chat as soon as no loop over members is in progress.
enum Parting: Equatable {
    /// Its socket, or the poller, has failed. It ends without a Close.
    case broken
    /// It is too slow. It is closed with 1013 and this reason.
    case laggard(String)
}
