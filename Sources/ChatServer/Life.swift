public import Reactor

/// Where a server is between start and end.
public enum Life: Equatable, Sendable {
    case serving
    /// A termination signal came: everybody is sent away until `deadline`.
    case draining(deadline: CoarseTime)
    /// Everybody is gone, or had to go.
    case ended
    /// A second signal came while draining.
    case endedAtOnce(signal: Int32)
}
