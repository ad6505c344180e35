public import Identity
internal import Synchronization

/// Brings news about tokens from other threads to the server's thread: tokens that don't count any
/// more, and keys. Wake the server's network after each call.
public final class IdentityInbox: Sendable {
    /// What has arrived.
    struct News {
        var revocations: [Revocation] = []
        /// The keys of the ring in force, with their ends. Nil if it is the same as before.
        var keys: [SigningKey.ID: Int64?]?
        /// The tickets of revocations that a ``RevocationKeeper`` was given, and whether it has
        /// kept them.
        var answers: [(ticket: UInt64, isKept: Bool)] = []

        var isEmpty: Bool { revocations.isEmpty && keys == nil && answers.isEmpty }
    }

    private let news = Mutex(News())

    public init() {}

    /// These tokens don't count any more. Keep that first, so that it outlives a restart.
    public func revoke(_ revocations: [Revocation]) {
        news.withLock { $0.revocations += revocations }
    }

    /// A ``RevocationKeeper`` has kept a revocation, or couldn't.
    public func answered(_ ticket: UInt64, isKept: Bool) {
        news.withLock { $0.answers.append((ticket, isKept)) }
    }

    /// Other keys are in force. The tokens of those that are gone don't count any more. Call it
    /// before a token is verified with the new ring.
    public func keysChanged(_ ring: KeyRing) {
        var keys: [SigningKey.ID: Int64?] = [:]
        for key in ring.keys {
            // A key that is there twice ends with the later one.
            if let known = keys[key.id] {
                keys[key.id] = .some(known.flatMap { end in key.end.map { max(end, $0) } })
            } else {
                keys[key.id] = .some(key.end)
            }
        }
        news.withLock { $0.keys = keys }
    }

    func take() -> News {
        news.withLock { news in
            // Whatever wakes the server, it looks here, too.
            guard !news.isEmpty else { return News() }
            defer { news = News() }
            return news
        }
    }
}
