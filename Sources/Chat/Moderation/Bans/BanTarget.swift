/// The people that a ban keeps out.
public struct BanTarget: Equatable, Sendable {
    public enum Kind: String, Sendable {
        /// The user with this `sub`.
        case user
        /// Everybody of this name.
        case name
        /// Guests of this name and of this block of addresses, and the connection of the line.
        case guest
        /// Guests of this block of addresses, and the connection of the line.
        case block
    }

    public let kind: Kind
    public let user: String?
    /// The name as it was said, for people too.
    public let username: String?
    public let origin: Origin

    public init(
        _ kind: Kind, user: String? = nil, username: String? = nil, origin: Origin = .unknown
    ) {
        self.kind = kind
        self.user = user
        self.username = username
        self.origin = origin
    }

    /// What its entry in tables is found by.
    package var entry: BanKey {
        switch kind {
        case .user: .user(ByteText(user ?? ""))
        case .name: .name(BanKey.folded(username ?? ""))
        case .guest: .guest(BanKey.folded(username ?? ""), block: origin.block)
        case .block: .block(origin.block)
        }
    }

    /// The name in the form in which names are compared.
    package var foldedName: String? { username.map { BanKey.folded($0).text } }

    /// Whether it is a person of this name.
    package func isCalled(_ name: String) -> Bool {
        username.map { BanKey.folded($0) == BanKey.folded(name) } ?? false
    }

    /// Whether it means the visitor, whatever its role.
    public func means(_ visitor: Visitor) -> Bool {
        if visitor.user == nil, origin.connection != 0,
            origin.connection == visitor.origin.connection
        {
            return true
        }
        return switch entry {
        case .user(let user): visitor.user.map { ByteText($0) == user } ?? false
        case .name(let name): visitor.username.map { BanKey.folded($0) == name } ?? false
        case .guest(let name, let block):
            visitor.user == nil && visitor.origin.block == block
                && visitor.username.map { BanKey.folded($0) == name } ?? false
        case .block(let block): visitor.user == nil && visitor.origin.block == block
        }
    }
}
