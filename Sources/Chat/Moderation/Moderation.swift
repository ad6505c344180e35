/// What somebody wants to change in a room.
public enum Moderation: Equatable, Sendable {
    /// Delete these lines. There is at least one, and at most ``lineLimit``.
    case delete(seqs: [UInt64])

    /// The largest number of lines that one command may name.
    public static let lineLimit = 100

    /// Distinguishes what is wanted by 64 bits, as ``RecentSends/digest(of:)`` does for texts.
    public var digest: UInt64 {
        switch self {
        case .delete(let seqs):
            RecentSends.digest(
                of: "delete " + seqs.map { String($0) }.joined(separator: " "))
        }
    }
}
