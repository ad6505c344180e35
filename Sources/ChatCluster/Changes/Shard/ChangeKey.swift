package import Chat

/// What a change is recognised by if it is asked for again.
package struct ChangeKey: Equatable, Sendable {
    package let user: String
    package let key: String

    /// Nil if the request has no key.
    package init?(_ request: ChangeRequest) {
        guard let key = request.key, let user = request.author.user else { return nil }
        (self.user, self.key) = (user, key)
    }

    package init(user: String, key: String) { (self.user, self.key) = (user, key) }

    package static func == (left: ChangeKey, right: ChangeKey) -> Bool {
        ByteText(left.user) == ByteText(right.user) && ByteText(left.key) == ByteText(right.key)
    }
}
