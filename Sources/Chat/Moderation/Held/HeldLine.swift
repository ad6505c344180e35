/// A line that waits to be said, until its time comes or a moderator decides.
public struct HeldLine: Equatable, Sendable {
    /// Why it waits. The names are on the wire.
    public enum Reason: String, Sendable {
        /// The room holds all lines back for a while.
        case hold
        /// It has a term that moderators want to see first.
        case term
        /// Somebody outside was asked about it, and wants moderators to decide.
        case check
    }

    /// The orderer counts it up, so later lines have higher ones. No two lines ever have the same.
    public let id: UInt64
    /// With the time when it was accepted.
    public let draft: Draft
    public let reason: Reason
    /// Whether a moderator wants it said.
    public var isApproved: Bool

    /// Lines that may wait in a room, and in all.
    public static let roomLimit = 10_000
    public static let limit = 50_000
    /// Bytes that they may take.
    static let byteLimit = 64 << 20
    /// Bytes of memory for a line besides its texts.
    private static let ownBytes = 640

    public init(id: UInt64, _ draft: Draft, _ reason: Reason, isApproved: Bool = false) {
        self.id = id
        self.draft = draft
        self.reason = reason
        self.isApproved = isApproved
    }

    /// Its name on the wire.
    public var name: String { String(id) }

    /// The line as it is said. Its time is that when others see it.
    public func said(at time: Timestamp) -> Draft {
        said(at: time, key: draft.key)
    }

    /// The same, with a key in any case, by which an orderer recognises the line.
    package func saidOnce(at time: Timestamp) -> Draft {
        said(at: time, key: orderingKey)
    }

    package var orderingKey: String { draft.key ?? "held:\(id)" }

    private func said(at time: Timestamp, key: String?) -> Draft {
        var said = Draft(
            room: draft.room, time: max(time, draft.time), username: draft.username,
            message: draft.message, by: draft.author, key: key)
        said.origin = draft.origin
        return said
    }

    /// What bans see of its author.
    var visitor: Visitor {
        Visitor(
            user: draft.author.user, username: draft.username, origin: draft.origin,
            badge: draft.author.badge)
    }

    /// The line as purges see it: it comes after all others.
    var asLast: Line {
        Line(
            seq: .max, time: draft.time, username: draft.username, message: draft.message,
            by: draft.author)
    }

    var bytes: Int { draft.username.utf8.count + draft.message.utf8.count + Self.ownBytes }
}
