/// Tokens that don't count any more, although they haven't expired. Times are in seconds since
/// 1970. A token that doesn't say when it was issued counts as issued at 0.
public enum Revocation: Equatable, Sendable {
    /// The tokens of a user that were issued before a time.
    case user(String, issuedBefore: Int64)
    /// The token of this name.
    case token(jti: String)
    /// All tokens that were issued before a time.
    case all(issuedBefore: Int64)
}
