/// What a file of keys holds.
public enum KeyKind: Sendable, CaseIterable {
    /// The bytes of a shared secret, without a final newline.
    case secret
    /// A public key in PEM.
    case publicKey
    /// A set of keys in JSON (RFC 7517).
    case keySet
}
