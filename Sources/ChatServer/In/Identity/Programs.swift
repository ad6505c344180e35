internal import Identity

/// Programs that send requests: their static keys, and the tokens that were verified lately.
struct Programs {
    var keys = APIKeys()
    var verified = VerifiedTokens()

    /// The holder of what a request shows, if that is known at once.
    func holder(of credential: Span<UInt8>) -> Principal? {
        keys.holder(of: credential) ?? verified[credential]
    }
}
