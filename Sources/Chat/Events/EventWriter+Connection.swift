/// Events about the connection itself.
extension EventWriter {
    /// Who a connection is.
    public struct Identity {
        let sub: String
        let name: String?
        let role: String
        /// Milliseconds until the token ends.
        let timeLeft: UInt64

        public init(sub: String, name: String?, role: String, timeLeft: UInt64) {
            self.sub = sub
            self.name = name
            self.role = role
            self.timeLeft = timeLeft
        }
    }

    /// The first event of a connection. A limit of 0 is switched off, and so are pings with a
    /// `pingInterval` of 0. The interval is in milliseconds.
    public static func welcome(
        server: String, durable: Bool, limits: ChatLimits, messageBytes: Int, pingInterval: UInt64,
        you: Identity? = nil, into buffer: inout [UInt8]
    ) {
        open("welcome", in: &buffer)
        append(#","server":"#, server, to: &buffer)
        append(#","durable":"#, durable, to: &buffer)
        append(#","limits":{"message_bytes":"#, messageBytes, to: &buffer)
        append(#","text_characters":"#, limits.textCharacters, to: &buffer)
        append(#","username_characters":"#, limits.usernameCharacters, to: &buffer)
        append(#","rooms":"#, limits.rooms, to: &buffer)
        append(#","lines_per_second":"#, limits.linesPerSecond, to: &buffer)
        append(#","line_burst":"#, limits.lineBurst, to: &buffer)
        append(#"},"ping_interval_ms":"#, pingInterval, to: &buffer)
        if let you {
            append(#","you":{"sub":"#, you.sub, to: &buffer)
            appendRest(of: you, to: &buffer)
            buffer.append("}")
        }
        buffer.append("}")
    }

    /// The answer to `auth`.
    public static func authenticated(
        id: String?, _ identity: Identity, into buffer: inout [UInt8]
    ) {
        open("authenticated", id: id, in: &buffer)
        append(#","sub":"#, identity.sub, to: &buffer)
        appendRest(of: identity, to: &buffer)
        buffer.append("}")
    }

    private static func appendRest(of identity: Identity, to buffer: inout [UInt8]) {
        if let name = identity.name { append(#","name":"#, name, to: &buffer) }
        append(#","role":"#, identity.role, to: &buffer)
        append(#","ttl_ms":"#, identity.timeLeft, to: &buffer)
    }

    /// The client's token ends soon. `timeLeft` is in milliseconds.
    public static func authExpiring(timeLeft: UInt64, into buffer: inout [UInt8]) {
        open("auth_expiring", in: &buffer)
        append(#","ttl_ms":"#, timeLeft, to: &buffer)
        buffer.append("}")
    }

    /// Connections of a user, or one connection, were closed by an operator.
    public static func disconnected(
        id: String?, _ subject: Oversight.Subject, connections: Int, into buffer: inout [UInt8]
    ) {
        open("disconnected", id: id, in: &buffer)
        switch subject {
        case .room(let room): append(#","room":"#, room.text, to: &buffer)
        case .user(let user): append(#","user":"#, user, to: &buffer)
        case .connection(let name): append(#","connection":"#, name, to: &buffer)
        }
        append(#","connections":"#, connections, to: &buffer)
        buffer.append("}")
    }

    /// Tokens don't count any more. `connections` is how many had one and were closed.
    public static func revoked(
        id: String?, connections: Int, into buffer: inout [UInt8]
    ) {
        open("revoked", id: id, in: &buffer)
        append(#","connections":"#, connections, to: &buffer)
        buffer.append("}")
    }

    /// The server is about to close the connection. `reconnectAfter` is in milliseconds.
    public static func closing(reconnectAfter: UInt64, into buffer: inout [UInt8]) {
        open("closing", in: &buffer)
        append(#","reconnect_after_ms":"#, reconnectAfter, to: &buffer)
        buffer.append("}")
    }

    /// An event stream ends, for this reason. `code` is the one of the Close that a WebSocket gets.
    public static func closed(code: UInt16, reason: String, into buffer: inout [UInt8]) {
        open("closed", in: &buffer)
        append(#","close_code":"#, UInt64(code), to: &buffer)
        append(#","reason":"#, reason, to: &buffer)
        buffer.append("}")
    }
}
