/// Where the lines begin that a client wants when it joins a room.
public enum JoinStart: Equatable, Sendable {
    /// Behind line `seq` of an epoch. The epoch is what the client says it is, and may be none.
    case resume(epoch: String, seq: UInt64)
    /// With the last lines, this many of them: 0 to ``Command/lineLimit``.
    case last(Int)

    /// What a client gets that doesn't say, or that can't resume.
    public static let standard = JoinStart.last(standardLines)
    /// The last lines that ``standard`` is about.
    public static let standardLines = 50
}
