/// Events about the connection itself.
extension EventWriter {
    /// The first event of a connection. A limit of 0 is switched off, and so are pings with a
    /// `pingInterval` of 0. The interval is in milliseconds.
    public static func welcome(
        server: String, durable: Bool, limits: ChatLimits, messageBytes: Int, pingInterval: UInt64,
        into buffer: inout [UInt8]
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
        buffer.append("}")
    }

    /// The server is about to close the connection. `reconnectAfter` is in milliseconds.
    public static func closing(reconnectAfter: UInt64, into buffer: inout [UInt8]) {
        open("closing", in: &buffer)
        append(#","reconnect_after_ms":"#, reconnectAfter, to: &buffer)
        buffer.append("}")
    }
}
