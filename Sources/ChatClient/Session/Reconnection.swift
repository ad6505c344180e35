/// Whether and when to connect again.
public enum Reconnection: Equatable, Sendable {
    case after(milliseconds: UInt64)
    /// The server would give the same answer again.
    case never
}
