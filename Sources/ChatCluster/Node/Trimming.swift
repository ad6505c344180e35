/// When a node has its shard delete lines that are too many or too old.
struct Trimming {
    private var due: UInt64 = 0
    private var isUnderWay = false
    /// Entries that it has deleted. Only grows.
    private(set) var entries = 0

    /// When it is to be asked again.
    var deadline: UInt64 { isUnderWay ? .max : due }

    /// The shard is asked.
    mutating func begin() { isUnderWay = true }

    /// The connection is gone, or there is a new one.
    mutating func cut() { isUnderWay = false }

    /// The shard has deleted entries. Nil if it could not.
    mutating func ended(_ outcome: (entries: Int, pause: UInt64)?, at now: UInt64) {
        isUnderWay = false
        entries += outcome?.entries ?? 0
        due = now + (outcome?.pause ?? ShardLimits.trimRound)
    }
}
