/// Decides when the deadlines of connections fire: once a step of the coarse clock has passed and
/// everything that was ready has been read. So no client is closed for bytes that wait in its
/// socket.
public struct DeadlineGate: Sendable {
    /// Whether a step has passed without deadlines, because sockets may be unread. The next wait
    /// must return at once.
    public private(set) var isShut = false
    /// Turns in a row in which it was shut.
    private var turns = 0

    public init() {}

    /// A turn has read what was reported. `isUnread` if more may be ready than was reported.
    ///
    /// The poller reports sockets in order. So once there were as many full reports as all
    /// connections need, each was read, and a flood can't put deadlines off any longer.
    public mutating func opens(
        _ hasStepped: Bool, isUnread: Bool, connections: Int
    ) -> Bool {
        guard hasStepped || isShut else { return false }
        isShut = isUnread && turns <= connections / readyLimit
        turns = isShut ? turns + 1 : 0
        return !isShut
    }
}
