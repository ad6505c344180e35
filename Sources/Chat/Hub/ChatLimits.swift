/// What one connection may ask of the chat. A limit of 0 is switched off.
public struct ChatLimits: Equatable, Sendable {
    /// The longest text of a line, in Unicode scalars: a page of prose, so that one line can't
    /// fill everybody's screen.
    public var textCharacters = 2_000
    /// The longest user name, in Unicode scalars: it is repeated in every line.
    public var usernameCharacters = 32
    /// How many rooms a connection may be in at a time: each costs a member's state.
    public var rooms = 16
    /// Lines a connection may send each second in the long run: faster than people type.
    public var linesPerSecond = 5
    /// Lines a connection may send at once after a pause, at least 1.
    public var lineBurst = 10
    /// Refused commands (`Refusal.countsTowardsErrorLimit`) a minute, past which the connection
    /// is closed: a broken client would go on for ever.
    public var errorsPerMinute = 20

    public init() {}
}
