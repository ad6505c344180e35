internal import Chat
internal import WebSocket

/// A connection that ended, or something that was refused, without any text of a client.
struct Incident: Equatable {
    enum Kind: Equatable {
        /// A client left the chat, with the code of its Close.
        case close(CloseCode)
        /// A command of a client was refused.
        case refusal(Refusal.Code)
        /// An opening handshake, or a request, failed.
        case handshake(Metrics.HandshakeOutcome)
        /// A connection over a limit was refused.
        case connection
    }

    let time: Timestamp
    let kind: Kind
    /// The dialect of a client in the chat.
    let dialect: Dialect?

    /// The kind as a word of the same few.
    var kindText: String {
        switch kind {
        case .close: "close"
        case .refusal: "refusal"
        case .handshake: "handshake"
        case .connection: "connection"
        }
    }

    /// The code of the Close or of the refusal, or the outcome of the handshake.
    var code: String {
        switch kind {
        case .close(let code): "\(code.rawValue)"
        case .refusal(let code): code.rawValue
        case .handshake(let outcome): outcome.rawValue
        case .connection: "over_limit"
        }
    }
}
