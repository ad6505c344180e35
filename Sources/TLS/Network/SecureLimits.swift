internal import Glibc
internal import Reactor

/// The limits of the layer, and the errors that the server sees.
enum SecureLimits {
    /// Bytes of ciphertext that are read at once. They, and a record that was begun, have less
    /// plaintext than the server's buffer takes.
    static let receiveBuffer = 32_768
    /// Messages of handshakes that are read in one wait, in about 0.3 ms. The poller reports the
    /// others again, and those who chat don't wait for them.
    static let flightsAtOnce = 32
    /// Nanoseconds for which the process has stood still, from which clients get more time.
    static let standstill: UInt64 = 1_000_000_000

    /// The handshake failed, or isn't done.
    static let handshakeFailed = SystemError(errno: EPROTO, call: "TLS handshake")
    /// The peer broke the protocol later.
    static let broken = SystemError(errno: EPROTO, call: "TLS")
    /// The rest of a record didn't arrive in time.
    static let halfRecord = SystemError(errno: ETIMEDOUT, call: "TLS record")
}
