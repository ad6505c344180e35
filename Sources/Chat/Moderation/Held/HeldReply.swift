/// The answer to a ``HeldRequest``.
public enum HeldReply: Equatable, Sendable {
    /// What has become of a line that was to wait.
    public enum Outcome: Equatable, Sendable {
        /// It waits, perhaps since it was sent before.
        case waits(HeldLine)
        /// It was sent before, and said.
        case said(seq: UInt64, time: Timestamp)
        /// Its key was sent before, with another text.
        case otherText
        /// It could not be stored.
        case failed
    }

    /// The outcome of a line that was to wait.
    public struct Answer: Equatable, Sendable {
        public let ticket: UInt64
        public let outcome: Outcome

        public init(ticket: UInt64, _ outcome: Outcome) {
            self.ticket = ticket
            self.outcome = outcome
        }

        /// The line, if it waits.
        public var line: HeldLine? {
            if case .waits(let line) = outcome { line } else { nil }
        }

        /// Nil: it could not be stored.
        public init(ticket: UInt64, _ line: HeldLine?) {
            self.init(ticket: ticket, line.map { .waits($0) } ?? .failed)
        }
    }

    /// A line that waits no more, because it was said. It has no number if the server numbers its
    /// lines itself.
    public struct Said: Equatable, Sendable {
        public let id: UInt64
        public let seq: UInt64?
        public let time: Timestamp

        public init(id: UInt64, seq: UInt64?, time: Timestamp) {
            self.id = id
            self.seq = seq
            self.time = time
        }
    }

    case held([Answer])
    /// Of the lines that were to be said, these are; their entries came before. The others didn't
    /// wait any more.
    case released([Said], of: [UInt64])
    /// No line is said that was to be. They still wait.
    case releaseFailed
    /// Other servers hold these lines.
    case waiting([HeldRoom])
    /// Another server has had these lines said. Their entries come, or came, apart.
    case said([Said])
    /// These lines are never said.
    case dropped([UInt64])
}
