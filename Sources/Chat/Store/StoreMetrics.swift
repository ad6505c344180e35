/// What an orderer has done since it was made, as plain numbers for ``Orderer/metrics``.
///
/// A *group* is the lines of one ``OrdererRequest/append(_:)``: they are stored in one commit, or
/// none of them is.
public struct StoreMetrics: Equatable, Sendable {
    /// Lines of all groups that were committed. It only grows.
    public var linesStored = 0
    /// Groups of lines that were committed. It only grows.
    public var groups = 0
    /// Groups that were refused because the store failed. It only grows.
    public var failedGroups = 0
    /// Lines that were given up because of their age or number. It only grows.
    public var linesPruned = 0
    /// How long the last group took, from the start of its transaction to the end of its commit.
    /// 0 before the first.
    public var lastCommitNanoseconds = 0
    /// The same of all groups that were committed, added up: divided by `groups` it is the mean. It
    /// only grows.
    public var commitNanoseconds = 0
    /// The bytes of the store's files as of the last upkeep, which is seconds ago at most while the
    /// store is open. 0 if nothing is kept in files.
    public var databaseBytes = 0
    /// Whether submissions fail now: between ``OrdererReply/failing(reason:)`` and the reply that
    /// says that they may succeed again.
    public var isFailing = false

    public init() {}
}
