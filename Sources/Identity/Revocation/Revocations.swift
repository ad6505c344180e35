internal import Chat

/// All tokens that don't count any more.
public struct Revocations: Sendable {
    /// The largest number of users and tokens that are named. They take about 20 MiB.
    public static let most = 100_000

    private var users: [ByteText: Int64] = [:]
    private var tokens: Set<ByteText> = []
    private var issuedBefore: Int64 = .min

    public init() {}

    /// The number of users and tokens that are named.
    public var count: Int { users.count + tokens.count }

    /// Whether there is no room for another name.
    public var isFull: Bool { count >= Self.most }

    /// Adds a revocation. One that says less than an earlier one changes nothing.
    public mutating func add(_ revocation: Revocation) {
        switch revocation {
        case .user(let sub, let time):
            users[ByteText(sub)] = max(users[ByteText(sub)] ?? .min, time)
        case .token(let jti): tokens.insert(ByteText(jti))
        case .all(let time): issuedBefore = max(issuedBefore, time)
        }
    }

    /// Whether a revocation says nothing new.
    public func include(_ revocation: Revocation) -> Bool {
        switch revocation {
        case .user(let sub, let time): users[ByteText(sub)].map { time <= $0 } ?? false
        case .token(let jti): tokens.contains(ByteText(jti))
        case .all(let time): time <= issuedBefore
        }
    }

    /// Whether the holder's token is among them.
    public func cover(_ holder: Principal) -> Bool {
        if holder.issuedAt < issuedBefore { return true }
        if let time = users[ByteText(holder.sub)], holder.issuedAt < time { return true }
        return holder.jti.map { tokens.contains(ByteText($0)) } ?? false
    }

    /// The fewest revocations that say the same, in an order that doesn't change.
    public var all: [Revocation] {
        (issuedBefore > .min ? [.all(issuedBefore: issuedBefore)] : [])
            + users.map { Revocation.user($0.key.text, issuedBefore: $0.value) }
            .sorted { Self.name($0) < Self.name($1) }
            + tokens.map { Revocation.token(jti: $0.text) }
            .sorted { Self.name($0) < Self.name($1) }
    }

    private static func name(_ revocation: Revocation) -> String {
        switch revocation {
        case .user(let name, _), .token(let name): name
        case .all: ""
        }
    }
}
