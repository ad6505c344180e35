/// How a network secures a connection.
public enum Security: Sendable {
    case none
    /// What goes through it is encrypted.
    case secured
    /// It should be encrypted, but the client speaks plaintext.
    case misdirected
}
