/// A ban from a room, or a timeout: its people may read, and can't write.
public struct Ban: Equatable, Sendable {
    /// The number of the change that made it.
    public let rev: UInt64
    public let target: BanTarget
    public let isTimeout: Bool
    public let time: Timestamp
    /// Nil: it never ends.
    public let end: Timestamp?
    /// For its people. Empty if there is none.
    public let reason: String
    /// The user that made it, and its role then. Equals and betters are not met.
    public let by: String
    public let rank: Badge

    public init(
        rev: UInt64, _ target: BanTarget, isTimeout: Bool, time: Timestamp, end: Timestamp?,
        reason: String, by: String, rank: Badge
    ) {
        self.rev = rev
        self.target = target
        self.isTimeout = isTimeout
        self.time = time
        self.end = end
        self.reason = reason
        self.by = by
        self.rank = rank
    }

    /// The ban that a change makes.
    package init(
        _ order: BanOrder, rev: UInt64, _ target: BanTarget, for request: ChangeRequest
    ) {
        self.init(
            rev: rev, target, isTimeout: order.isTimeout, time: request.time,
            end: order.seconds.map {
                Timestamp(milliseconds: request.time.milliseconds + Int64($0) * 1_000)
            },
            reason: order.reason, by: request.author.user ?? "",
            rank: request.author.badge ?? .moderator)
    }

    /// Whether it keeps the visitor out.
    public func meets(_ visitor: Visitor) -> Bool {
        visitor.badge.map { $0 < rank } ?? true && target.means(visitor)
    }

    /// Whether it means the author of a line that waits.
    package func meets(_ line: HeldLine) -> Bool { meets(line.visitor) }

    public func isOver(at time: Timestamp) -> Bool { end.map { $0 <= time } ?? false }

    /// The seconds for which it was made. Nil: for ever.
    var seconds: Int? {
        end.map { Int(clamping: ($0.milliseconds - time.milliseconds) / 1_000) }
    }
}
