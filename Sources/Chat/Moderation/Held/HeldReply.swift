/// The answer to a ``HeldRequest``.
public enum HeldReply: Equatable, Sendable {
    /// The outcome of a line that was to wait. Nil: it could not be stored.
    public struct Answer: Equatable, Sendable {
        public let ticket: UInt64
        public let line: HeldLine?

        public init(ticket: UInt64, _ line: HeldLine?) {
            self.ticket = ticket
            self.line = line
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
