internal import CLinux

/// Starts outgoing connections.
///
/// Invariant of the unsafe calls here: the addresses live in this frame and are only read during
/// the call.
public enum Connector {
    /// Starts to connect, with `TCP_NODELAY`. The socket becomes writable when the outcome is
    /// known; ``result(of:)`` reports it. The system chooses the port of `source`, and the whole
    /// source address if it is nil.
    public static func connect(
        to target: SocketAddress, from source: SocketAddress? = nil
    ) throws(SystemError) -> Socket {
        var target = target.raw
        let descriptor: Int32
        if var source = source?.raw {
            descriptor = unsafe clinux_connect(&target, &source)
        } else {
            descriptor = unsafe clinux_connect(&target, nil)
        }
        return Socket(rawValue: try checked(descriptor, "connect"))
    }

    /// Throws the error of a connection that was started and failed.
    public static func result(of socket: Socket) throws(SystemError) {
        _ = try checked(clinux_connect_result(socket.rawValue), "connect")
    }
}
