internal import CCurl

/// Keeps the connections of requests for the next ones, so that each of them saves a handshake.
///
/// Invariant of the unsafe calls here: the session is opened once, and closed once, with this
/// object. One thread at a time uses it.
@safe public final class OutgoingSession {
    /// Nil if there was no memory: each request makes a connection of its own.
    let session: OpaquePointer?

    public init() {
        unsafe session = ccurl_session_open()
    }

    deinit {
        if let session = unsafe session { unsafe ccurl_session_close(session) }
    }
}
