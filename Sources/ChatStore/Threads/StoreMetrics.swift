internal import Synchronization

/// What a store has done since it was made.
public struct StoreMetrics: Equatable, Sendable {
    public internal(set) var linesStored = 0
    /// Groups of lines that were committed.
    public internal(set) var groups = 0
    /// Groups that were refused because the store failed.
    public internal(set) var failedGroups = 0
    public internal(set) var linesPruned = 0
    /// How long the last group took from the start of its transaction to the end of its commit.
    public internal(set) var lastCommitNanoseconds = 0
    /// The same of all groups that were committed.
    public internal(set) var commitNanoseconds = 0
    /// The files of the database, as of the last upkeep, seconds ago at most while it is open.
    public internal(set) var databaseBytes = 0
    /// Whether appends fail.
    public internal(set) var isFailing = false

    public init() {}
}
