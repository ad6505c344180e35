internal import Chat
internal import Reactor

/// What the server tells those that watch it. `/metrics` and the report for administrators are made
/// from this value, so they don't differ.
///
/// To make it takes as long as the lists of rooms and constants say, and never looks at each
/// connection.
struct Figures {
    struct Connections {
        let open: Int
        let limit: Int
        let states: StateCounts
        /// Connections over a limit, which get a refusal.
        let refusing: Int
        /// Connections that have a token, or must send one.
        let identified: Int
        /// Connections whose socket takes no bytes now.
        let laggards: Int
    }

    struct History {
        /// Whether lines can be stored, or needn't be.
        let isReady: Bool
        /// Lines on their way to the store.
        let committing: Int
        /// Ids that are known.
        let recentIDs: Int
        /// Nil if no lines are stored.
        let store: StoreMetrics?
        /// Nil if rooms aren't shared.
        let cluster: ClusterReport?
    }

    struct Compression {
        let contexts: Int
        let promisedBytes: Int
    }

    struct Work {
        /// Units of work that connections have asked for.
        let units: UInt64
        /// Times that a connection asked for more than it may.
        let debts: UInt64
        /// Turns that had to wait for a later tick.
        let postponed: UInt64
    }

    let version: String
    let started: Timestamp
    let now: Timestamp
    let counts: Metrics
    let connections: Connections
    /// Rooms with a member.
    let roomCount: Int
    /// Members of rooms on other servers.
    let membersElsewhere: Int
    let rooms: RoomFigures
    let history: History
    /// Lines that are being checked. Nil if none are.
    let checks: CheckQueue?
    /// How webhooks fare.
    let followers: [FollowerReport]
    /// From lines' arrival to their last `send`.
    let deliveries: DurationHistogram
    /// Bytes by their kind, in the order of the kinds.
    let memory: [(kind: MemoryKind, bytes: Int)]
    /// All bytes that count for the budget, and the budget.
    let memoryBytes: Int
    let memoryBudget: Int
    /// Bytes that wait for clients.
    let waitingBytes: Int
    let compression: Compression
    let work: Work
    /// Nil without encryption.
    let encryption: SecurityReport?
    /// The limits that the operator has changed.
    let changedLimits: [ChangedLimit]
}
