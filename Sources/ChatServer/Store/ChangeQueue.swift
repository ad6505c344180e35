internal import Chat
internal import Reactor

/// Changes on their way to the orderer, and the connections that wait for the outcome. Without an
/// orderer, it knows the recent ones, so that none happens twice.
struct ChangeQueue {
    /// Changes that may be on their way at once.
    static let limit = 1_024
    /// The number of changes with a key that are known.
    static let knownLimit = 4_096

    private struct Key: Hashable {
        let room: RoomName
        let user: ByteText
        let key: ByteText
    }

    private var waiting: [UInt64: (asker: Token, request: ChangeRequest)] = [:]
    private(set) var nextID: UInt64 = 0
    private var known: [Key: (rev: UInt64, digest: UInt64)] = [:]

    var count: Int { waiting.count }

    /// A change is on its way. Its id must be ``nextID``.
    mutating func append(_ request: ChangeRequest, from asker: Token) {
        nextID += 1
        waiting[request.id] = (asker, request)
    }

    /// Takes the change with this id, and who waits for it. Nil if none is on its way.
    mutating func take(_ id: UInt64) -> (asker: Token, request: ChangeRequest)? {
        waiting.removeValue(forKey: id)
    }

    /// The number of a change that was made before. Nil if it is new.
    func known(_ request: ChangeRequest) throws(Refusal) -> UInt64? {
        guard let key = Self.key(of: request), let found = known[key] else { return nil }
        guard found.digest == request.wanted.digest else { throw .changeIDReused }
        return found.rev
    }

    /// A change was made.
    mutating func ordered(_ request: ChangeRequest, as rev: UInt64) {
        guard let key = Self.key(of: request) else { return }
        if known.count >= Self.knownLimit { known = [:] }
        known[key] = (rev, request.wanted.digest)
    }

    private static func key(of request: ChangeRequest) -> Key? {
        guard let key = request.key, let user = request.author.user else { return nil }
        return Key(room: request.room, user: ByteText(user), key: ByteText(key))
    }
}
