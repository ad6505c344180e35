internal import Reactor

/// The tokens under the layer. They hold a descriptor instead of the index of a slot.
enum SecureToken {
    /// The bit of the index that no slot has.
    static let bit = 1 << 31

    /// The descriptor of a token of the layer. Nil if the token isn't one.
    static func descriptor(_ token: Token) -> Int? {
        token.index & bit != 0 && token.generation > 0 ? token.index & ~bit : nil
    }
}
