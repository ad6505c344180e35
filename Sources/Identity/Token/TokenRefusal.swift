/// The exact reason why a token is refused. It is for the log, and holds no word of the token.
/// Outside only ``isExpiry`` is told.
public enum TokenRefusal: String, Error, CaseIterable, Sendable {
    // The form
    case tooLong = "the token is too long"
    case empty = "there is no token"
    case notThreeParts = "the token doesn't have three parts"
    case notBase64URL = "a part isn't base64url without padding"
    case nonCanonical = "the last character of a part has bits that mean nothing"
    case notUTF8 = "the header or the claims aren't UTF-8"
    case headerNotJSON = "the header isn't a JSON object"
    case doubledParameter = "the header has a parameter twice"
    case wrongParameterType = "a header parameter has the wrong type"
    case unknownAlgorithm = "the algorithm isn't among those that are accepted"
    case criticalParameter = "the header has crit"
    case keyInHeader = "the header has a key, or an address of one"
    case encrypted = "the header is that of an encrypted, compressed or nested token"
    case otherPurpose = "the type is that of a token with another purpose"
    // The key
    case noKeys = "the server has no keys"
    case unknownKey = "no key has this kid"
    case algorithmOfNoKey = "no key takes this algorithm"
    case endedKey = "the key has ended"
    case removedKey = "the key is gone"
    case wrongSignature = "the signature is wrong"
    // The claims
    case claimsNotJSON = "the claims aren't a JSON object"
    case doubledClaim = "a claim is there twice"
    case wrongSubject = "sub isn't a string of 1 to 128 bytes that doesn't begin with key:"
    case wrongExpiry = "exp isn't a time in seconds"
    case expired = "the token has expired"
    case wrongStart = "nbf isn't a time in seconds"
    case notYetValid = "nbf lies ahead"
    case wrongIssueTime = "iat isn't a time in seconds"
    case issuedAhead = "iat lies ahead"
    case wrongIssuer = "iss isn't the issuer of the key"
    case wrongAudience = "aud isn't the one string that is asked for"
    case wrongTokenName = "jti isn't a string of 1 to 128 bytes"
    case wrongName = "name can't be a user name"
    case wrongRole = "role isn't one of the roles"
    case wrongRooms = "rooms isn't an object from rooms to roles"
    case revoked = "the token was revoked"
    // The connection
    case otherSubject = "a renewal names another sub"
    case tooManyTokens = "a request has two tokens"

    /// Whether the answer says that the token has expired.
    public var isExpiry: Bool { self == .expired }

    /// Whether another key might help.
    public var lacksKey: Bool { self == .unknownKey || self == .noKeys }
}
