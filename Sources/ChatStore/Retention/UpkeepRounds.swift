internal import Chat
internal import Dispatch
internal import GRDB

/// When ``Upkeep`` works, and by which clocks.
struct UpkeepRounds {
    /// Milliseconds that the stored clock may be behind the present one.
    private static let unstored: Int64 = 1_800_000

    private let machine: Machine
    var work: Upkeep
    private(set) var clock: RetentionClock
    private var storedClock: Timestamp?
    private var round = DispatchTime.now()
    private var lastRound = ContinuousClock.now

    /// - Parameter present: the time that the last run came to, if it is known.
    init(
        retention: Retention, bytesLimit: Int = .max, present: Timestamp?, machine: Machine
    ) {
        self.machine = machine
        work = Upkeep(retention: retention, bytesLimit: bytesLimit)
        clock = RetentionClock(stored: present, now: machine.now())
        storedClock = present
    }

    /// Lines are kept differently from now on. A round begins at once.
    mutating func retain(_ retention: Retention, bytesLimit: Int) {
        work = Upkeep(retention: retention, bytesLimit: bytesLimit)
        round = .now()
    }

    /// Whether there is work to do.
    var isDue: Bool { work.isDue }

    var isRoundDue: Bool { round <= .now() }

    /// The time of the next work.
    var next: DispatchTime { isDue ? .now() : round }

    /// Begins a round. Returns whether the machine's clock has just proved to be far ahead.
    mutating func begin() -> Bool {
        work.begin()
        round = .now() + machine.upkeepInterval
        let now = ContinuousClock.now
        defer { lastRound = now }
        return clock.passed(Int64((now - lastRound) / .milliseconds(1)), now: machine.now())
    }

    /// Does one slice in a transaction.
    mutating func step(
        rows: Int, followed: Set<RoomName> = [], over connection: DatabaseQueue
    ) throws -> [Upkeep.Pruned] {
        var next = work
        let present = clock.present
        let isStored =
            storedClock.map {
                present.milliseconds < $0.milliseconds + Self.unstored
            } ?? false
        let pruned = try connection.writeWithoutTransaction { db in
            try db.inImmediateTransaction {
                if !isStored { try Run.save(present: present, in: db) }
                return try next.step(
                    db, rows: rows, now: machine.now(), present: present, followed: followed)
            }
        }
        if !isStored { storedClock = present }
        work = next
        return pruned
    }
}
