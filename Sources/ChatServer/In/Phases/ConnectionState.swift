/// What a connection is doing, for those that watch the server.
enum ConnectionState: String, CaseIterable {
    /// A request is arriving, or the next one is awaited.
    case http
    /// A request waits for its answer.
    case answering
    /// In the chat, with the plain dialect.
    case plain
    /// In the chat, with the rich dialect.
    case rich
    /// In the chat, as the reader of an event stream.
    case stream
    /// It has left the chat, and has its closing handshake, or its last events.
    case closing
    /// We have finished, and wait for the peer to see it.
    case lingering
}

extension Connection.Phase {
    var state: ConnectionState {
        switch self {
        case .http(.head), .http(.content), .http(.body): .http
        case .http(.answering): .answering
        case .webSocket(let webSocket):
            switch webSocket.dialect {
            case _ where webSocket.hasLeft: .closing
            case .plain: .plain
            case .rich: .rich
            }
        case .eventStream(let stream): stream.hasLeft ? .closing : .stream
        case .lingering: .lingering
        }
    }
}
