public import Reactor

/// Where a server is between start and end.
public enum Life: Equatable, Sendable {
    case serving
    /// A termination signal came.
    case draining(Draining)
    /// Everybody is gone, or had to go.
    case ended
    /// A second signal came while draining.
    case endedAtOnce(signal: Int32)

    /// What a server does between a termination signal and its end, which comes at `deadline` at
    /// the latest.
    public enum Draining: Equatable, Sendable {
        /// Lines that were accepted before the signal are stored and delivered, until `until` at
        /// the latest. Nothing is read meanwhile.
        case settling(until: CoarseTime, deadline: CoarseTime)
        /// Everybody was told to go.
        case leaving(deadline: CoarseTime)
    }

    /// Whether clients are not read, because what they have sent before is being stored.
    var isSettling: Bool {
        if case .draining(.settling) = self { return true }
        return false
    }

    /// When the server goes on by itself; nil: never.
    var nextStep: CoarseTime? {
        switch self {
        case .serving, .ended, .endedAtOnce: nil
        case .draining(.settling(let until, let deadline)): min(until, deadline)
        case .draining(.leaving(let deadline)): deadline
        }
    }
}
