/// What filters say of a text.
public struct LineReading: Equatable, Sendable {
    public var hasLink = false
    /// Texts that readers take for the same one have the same digest. Nil unless it was asked for.
    public var digest: UInt64?
    /// What becomes of the line, if it meets a term.
    public var action: Term.Action?

    public init() {}
}
