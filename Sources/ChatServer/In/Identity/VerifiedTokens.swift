internal import Identity
internal import WebSocket

/// Tokens that were verified lately, with their holders, so that a program that sends one request
/// after another doesn't wait for the verifier each time. Whether a token still counts is asked
/// anew at each use.
struct VerifiedTokens {
    /// The largest number of tokens, and of their bytes. Beyond them, all are forgotten.
    private static let limit = 1_024
    private static let byteLimit = 1_048_576

    private var holders: [[UInt8]: Principal] = [:]
    private var bytes = 0

    /// The holder of a token. Nil if it isn't known.
    subscript(token: Span<UInt8>) -> Principal? {
        guard !holders.isEmpty else { return nil }
        var bytes: [UInt8] = []
        bytes.append(token)
        return holders[bytes]
    }

    /// A token was verified.
    mutating func verified(_ token: [UInt8], _ holder: Principal) {
        if holders.count >= Self.limit || bytes + token.count > Self.byteLimit {
            (holders, bytes) = ([:], 0)
        }
        bytes += token.count
        if let before = holders.updateValue(holder, forKey: token) {
            precondition(before.sub == holder.sub, "a token has one holder")
            bytes -= token.count
        }
    }
}
