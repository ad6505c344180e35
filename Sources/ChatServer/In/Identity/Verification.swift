/// A token that is being verified, and who waits for it.
struct Verification: Equatable {
    enum Waiter: Equatable {
        /// An opening handshake, whose head is kept.
        case handshake(Credential.Way)
        /// A request, which is kept, with its token.
        case request(token: [UInt8])
        /// The command `auth`, with its id.
        case command(id: String?)
    }

    let ticket: UInt64
    let waiter: Waiter
}
