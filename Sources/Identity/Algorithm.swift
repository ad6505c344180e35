/// A signature algorithm of JSON Web Tokens that the server accepts (RFC 7518 section 3.1, RFC 8037
/// section 3.1). `none` is not among them.
public enum Algorithm: String, CaseIterable, Sendable {
    case hs256 = "HS256"
    case hs384 = "HS384"
    case hs512 = "HS512"
    case rs256 = "RS256"
    case rs384 = "RS384"
    case rs512 = "RS512"
    case ps256 = "PS256"
    case es256 = "ES256"
    case es384 = "ES384"
    case edDSA = "EdDSA"

    /// The bytes that a secret must have at least: as many as the hash (RFC 7518 section 3.2). Nil
    /// if the algorithm uses no secret.
    public var secretBytes: Int? {
        switch self {
        case .hs256: 32
        case .hs384: 48
        case .hs512: 64
        case .rs256, .rs384, .rs512, .ps256, .es256, .es384, .edDSA: nil
        }
    }
}
