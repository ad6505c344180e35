internal import Chat
internal import WebSocket

/// A connection that ended, or something that was refused, without any text of a client.
struct Incident: Equatable {
    enum Kind: Hashable {
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

    /// What it has in common with others. The codes that clients choose freely are one.
    var reason: Kind {
        guard case .close(let code) = kind else { return kind }
        return switch code.rawValue {
        case 1000...1015, 3000...3003: kind
        default: .close(CloseCode(rawValue: 4000))
        }
    }

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
