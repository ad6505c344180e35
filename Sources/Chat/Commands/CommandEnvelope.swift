/// A parsed command, or the reason it was refused, with the id that ties the answer to it.
public struct CommandEnvelope: Equatable, Sendable {
    /// 1 to ``Command/idLengthLimit`` bytes. Nil if the client gave none, or if it couldn't be
    /// read.
    public let id: String?
    public let command: Result<Command, Refusal>
}
