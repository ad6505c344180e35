/// Limits of one connection's use of the chat. 0 switches a limit off.
public struct ChatLimits: Equatable, Sendable {
    /// The longest text of a line, in Unicode scalars. The default is a page of prose, so that one
    /// line can't fill every screen.
    public var textCharacters = 2_000
    /// The longest user name, in Unicode scalars. It is repeated in every line.
    public var usernameCharacters = 32
    /// The number of rooms a connection may be in at once. Each costs the state of a member.
    public var rooms = 16
    /// Lines a connection may send each second on average. The default is faster than people type.
    public var linesPerSecond = 5
    /// Lines a connection may send at once after a pause, at least 1.
    public var lineBurst = 10
    /// Refused commands (`Refusal.countsTowardsErrorLimit`) a minute, above which the connection is
    /// closed. A broken client would go on forever.
    public var errorsPerMinute = 20

    public init() {}
}
