/// The first line that a client wants when it joins a room.
public enum JoinStart: Equatable, Sendable {
    /// Start after line `seq` of an epoch. The epoch comes from the client and may not exist.
    case resume(epoch: String, seq: UInt64)
    /// Start with the last lines, this many of them: 0 to ``Command/lineLimit``.
    case last(Int)

    /// The default, and the fallback for a client that can't resume.
    public static let standard = JoinStart.last(standardLines)
    /// The number of lines in ``standard``.
    public static let standardLines = 50
}
