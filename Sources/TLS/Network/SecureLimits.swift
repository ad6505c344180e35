internal import Glibc
internal import Reactor

/// The limits of the layer, and the errors that the server sees.
enum SecureLimits {
    /// Bytes of ciphertext that are read at once. They, and a record that was begun, have less
    /// plaintext than the server's buffer takes.
    static let receiveBuffer = 32_768
    /// Bytes of the first flight of a client that are taken, in all its records. OpenSSL has its
    /// own limits below it.
    static let standstill: UInt64 = 1_000_000_000

    /// The handshake failed, or isn't done.
    static let handshakeFailed = SystemError(errno: EPROTO, call: "TLS handshake")
    /// The peer broke the protocol later.
    static let broken = SystemError(errno: EPROTO, call: "TLS")
    /// The rest of a record didn't arrive in time.
    static let halfRecord = SystemError(errno: ETIMEDOUT, call: "TLS record")
}
