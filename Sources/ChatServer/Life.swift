public import Reactor

/// The phase of a server's life.
public enum Life: Equatable, Sendable {
    case serving
    /// A termination signal has arrived.
    case draining(Draining)
    /// All connections are gone.
    case ended
    /// A second signal came while draining.
    case endedAtOnce(signal: Int32)

    /// The phases between a termination signal and the end, which comes at `deadline` at the
    /// latest.
    public enum Draining: Equatable, Sendable {
        /// Lines that were accepted before the signal are stored and delivered, until `until` at
        /// the latest. No client is read in the meantime.
        case settling(until: CoarseTime, deadline: CoarseTime)
        /// All clients were told to leave.
        case leaving(deadline: CoarseTime)
    }

    /// Whether clients aren't read, because their earlier lines are being stored.
    var isSettling: Bool {
        if case .draining(.settling) = self { return true }
        return false
    }

    /// When the server moves to the next phase by itself.
    @inline(__always)
    var nextStep: CoarseTime {
        switch self {
        case .serving, .ended, .endedAtOnce: .never
        case .draining(.settling(let until, let deadline)): min(until, deadline)
        case .draining(.leaving(let deadline)): deadline
        }
    }
}
