/// Counts of an orderer's work since it was made, for ``Orderer/metrics``.
///
/// A *group* is the lines of one ``OrdererRequest/append(_:)``. They are stored in one commit, or
/// none of them is.
public struct StoreMetrics: Equatable, Sendable {
    /// Lines of all committed groups. Only grows.
    public var linesStored = 0
    /// Committed groups. Only grows.
    public var groups = 0
    /// Groups that were refused because the store failed. Only grows.
    public var failedGroups = 0
    /// Lines that were deleted because of their age or number. Only grows.
    public var linesPruned = 0
    /// The duration of the last group, from the start of its transaction to the end of its commit.
    /// 0 before the first.
    public var lastCommitNanoseconds = 0
    /// The durations of all committed groups.
    public var commits = DurationHistogram()
    /// The time of the oldest line at the last upkeep. Nil if there is none, or if it isn't known.
    public var oldestLine: Timestamp?
    /// The bytes of the store's files at the last upkeep, at most a few seconds ago while the store
    /// is open. 0 if nothing is kept in files.
    public var databaseBytes = 0
    /// Bytes of them that belong to the log of the last commits (WAL).
    public var walBytes = 0
    /// Bytes of the database that are in use. The others are used again before the file grows.
    public var usedBytes = 0
    /// Bytes above which the oldest lines of the largest rooms are deleted.
    public var limitBytes = 0
    /// Bytes that are free on the file system of the files.
    public var freeBytes = 0
    /// Whether submissions fail now: between ``OrdererReply/failing(reason:)`` and the reply that
    /// ends it.
    public var isFailing = false

    public init() {}
}
