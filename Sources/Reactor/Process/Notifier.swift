internal import CLinux

/// Sends short texts to a local datagram socket, such as the one of a service manager
/// (sd_notify(3)).
///
/// Invariant of the unsafe calls here: texts live in this frame and are only read during the call.
public struct Notifier: Sendable {
    private let descriptor: Int32
    /// The path of the socket, or its name after an `@` in the abstract namespace (unix(7)).
    public let address: String

    /// Opens a socket, which stays open until the process ends.
    public init(address: String) throws(SystemError) {
        descriptor = try checked(clinux_notifier_open(), "socket")
        self.address = address
    }

    /// Sends one datagram. It never waits: if the receiver's queue is full, it throws `EAGAIN`.
    public func send(_ text: String) throws(SystemError) {
        let bytes = Array(text.utf8)
        let result = unsafe bytes.withUnsafeBytes { buffer in
            unsafe clinux_notifier_send(descriptor, address, buffer.baseAddress, buffer.count)
        }
        _ = try checked(result, "sendto")
    }
}
