/// When users have come to rooms first, in this life of the server. The users that have come last
/// are known, at least 32 768 of them in all rooms.
struct FirstJoins: Sendable {
    private static let half = 32_768
    /// Bytes of memory for each of them.
    private static let entryBytes = 16

    /// Seconds on a monotonic clock, by a hash of room and user under a secret of this process. Of
    /// its bits 32 are enough: a new user has the hash of a known one once in 65 536 times, and is
    /// taken for known then. The older half is forgotten when the newer one is full.
    private var newer: [UInt32: UInt32] = [:]
    private var older: [UInt32: UInt32] = [:]

    var bytes: Int { (newer.count + older.count) * Self.entryBytes }

    /// A user is in a room since then. Returns when it has come there first.
    mutating func came(_ user: String, to room: RoomName, at second: UInt32) -> UInt32 {
        var hasher = Hasher()
        hasher.combine(room)
        user.hashBytes(into: &hasher)
        let key = UInt32(truncatingIfNeeded: hasher.finalize())
        let first = min(newer[key] ?? older[key] ?? second, second)
        if newer.count >= Self.half { (older, newer) = (newer, [:]) }
        newer[key] = first
        return first
    }
}
