internal import Chat

/// Bytes that logs keep above the limit for every room, because a member that is behind and keeps
/// reading still needs them. So a burst costs memory only until it is read, and no member that
/// reads is cut off.
struct LogGrowth {
    /// The most bytes that one room is granted, and all rooms together.
    private var limit: (room: Int, all: Int)
    /// Bytes granted to rooms, by their numbers; never 0.
    private var grants: [Int: Int] = [:]
    /// The sum of them.
    private(set) var granted = 0

    /// An eighth of the budget for one room, a quarter for all: what is left is for lines that wait
    /// in the rings of all members.
    init(budget: Int) { limit = (budget / 8, budget / 4) }

    /// The budget for what is granted from now on.
    mutating func budgetChanged(_ budget: Int) { limit = (budget / 8, budget / 4) }

    /// Rooms that are granted something.
    var rooms: [RoomID] { grants.keys.map { RoomID(rawValue: UInt32($0)) } }

    /// Bytes that a room is granted.
    @inline(__always)
    func grant(of room: RoomID) -> Int {
        granted == 0 ? 0 : grants[room.index] ?? 0
    }

    /// A room wants to keep `bytes` above the limit for every room. Grants as many of them as are
    /// left.
    mutating func want(_ bytes: Int, for room: RoomID) {
        let others = granted - (grants[room.index] ?? 0)
        let grant = max(0, min(bytes, min(limit.room, limit.all - others)))
        grants[room.index] = grant > 0 ? grant : nil
        granted = others + grant
    }
}
