/// A command, or why it is none, with the id by which its sender knows the answer.
public struct CommandEnvelope: Equatable, Sendable {
    /// 1 to ``Command/idLengthLimit`` bytes. Nil if the client gave none, or none that could be
    /// read.
    public let id: String?
    public let command: Result<Command, Refusal>
}
