internal import Chat

/// How a node stands with a shard: whether it is connected, has its name, and knows the epoch.
struct ShardLink {
    enum Phase: Equatable {
        /// There is no connection.
        case cut
        /// The shard was asked for the node's name.
        case entering
        /// The shard couldn't take the node, which tries again.
        case waiting(until: UInt64)
        /// A new epoch was asked for.
        case beginning
        /// The shard learns what the node has seen in the epoch before, with so many commands that
        /// have no answer yet.
        case raising(Epoch, commands: Int)
        /// The node reads what changes add up to.
        case reading(Epoch)
        case open
        /// Another node has the name.
        case refused
    }

    private(set) var phase = Phase.cut
    /// The epoch of all that the server was told. Nil before the first.
    private(set) var epoch: Epoch?
    /// Whether the server was told that submissions fail.
    private(set) var isFailing = false
    /// When the next beat is due.
    private(set) var beatDue = UInt64.max
    /// Whether a beat has no answer yet, or was asked for out of turn.
    private(set) var isBeating = false
    /// The last time that the shard was well.
    private var well: UInt64
    /// The last sign of life on this connection.
    private var heard: UInt64
    /// When the node began to wait for its name.
    private var nameWait: UInt64?
    /// What was left of the other run's lease, and how often it was renewed meanwhile.
    private var nameLeft = Int.max
    private var nameRenewals = 0
    /// A shard that has refused a line doesn't count as well before.
    private var refusedUntil: UInt64 = 0
    /// Why the shard isn't well, as far as that is known.
    private var trouble: String?

    init(at now: UInt64) {
        (well, heard) = (now, now)
    }

    /// When to look at it again: a beat, a try or the end of patience is due.
    var deadline: UInt64 {
        var deadline = isFailing || phase == .refused ? .max : well + ShardLimits.patience
        switch phase {
        case .cut, .refused: return deadline
        case .waiting(let end): return min(deadline, end)
        case .open: deadline = min(deadline, beatDue)
        case .entering, .beginning, .raising, .reading: break
        }
        return min(deadline, heard + ShardLimits.patience)
    }

    /// Whether the shard doesn't answer on this connection.
    func isSilent(at now: UInt64) -> Bool {
        switch phase {
        case .cut, .refused, .waiting: false
        case .entering, .beginning, .raising, .reading, .open: heard + ShardLimits.patience <= now
        }
    }

    /// Whether the server must learn that it is cut off.
    func isCutOff(at now: UInt64) -> Bool {
        !isFailing && phase != .refused && well + ShardLimits.patience <= now
    }

    /// What to tell the operator about it.
    var complaint: String {
        trouble ?? "no answer for \(ShardLimits.patience) ms"
    }

    /// Whether it is time to enter again.
    func isWaitOver(at now: UInt64) -> Bool {
        if case .waiting(let end) = phase { end <= now } else { false }
    }

    // MARK: The connection

    mutating func cut(_ reason: String?) {
        guard phase != .refused else { return }
        (phase, beatDue, isBeating) = (.cut, .max, false)
        if let reason { trouble = reason }
    }

    /// The node asks for its name, on a new connection or again.
    mutating func entering(at now: UInt64) { (phase, heard) = (.entering, now) }

    /// The shard has answered something.
    mutating func heard(at now: UInt64) { heard = now }

    /// The shard has answered as one that is well.
    mutating func wasWell(at now: UInt64) { (well, trouble) = (now, nil) }

    /// The shard couldn't do something.
    mutating func hadTrouble(_ reason: String) { trouble = reason }

    /// The shard couldn't take the node.
    mutating func wait(at now: UInt64) {
        (phase, beatDue, isBeating) = (.waiting(until: now + ShardLimits.retry), .max, false)
    }

    /// Another run has the name, and so many milliseconds are left of its lease. Returns whether
    /// the node must not run, because the other one renews it again and again. A run that has died
    /// does so once if its last beat comes late.
    mutating func nameTaken(left: Int, at now: UInt64) -> Bool {
        wait(at: now)
        guard epoch == nil else { return false }
        let since = nameWait ?? now
        nameWait = since
        if left > nameLeft { nameRenewals += 1 }
        nameLeft = left
        if now >= since + ShardLimits.nameWait, nameRenewals >= ShardLimits.nameRenewals,
            left > ShardLimits.lease / 2
        {
            phase = .refused
            return true
        }
        // Until then nothing is wrong.
        well = now
        return false
    }

    // MARK: The epoch

    mutating func beginning() { phase = .beginning }

    mutating func raising(_ epoch: Epoch, commands: Int) {
        phase = .raising(epoch, commands: commands)
    }

    /// A raise was carried out. Returns the epoch if it was the last one.
    mutating func raised() -> Epoch? {
        guard case .raising(let epoch, let commands) = phase else { return nil }
        phase = .raising(epoch, commands: commands - 1)
        return commands == 1 ? epoch : nil
    }

    mutating func reading(_ epoch: Epoch) { phase = .reading(epoch) }

    /// The epoch is known. The first beat is due at once.
    mutating func opened(_ epoch: Epoch, at now: UInt64) {
        self.epoch = epoch
        (phase, beatDue, isBeating) = (.open, now + ShardLimits.beat, false)
        wasWell(at: now)
    }

    // MARK: Beats

    /// A beat is under way.
    mutating func beating(at now: UInt64) {
        (isBeating, beatDue) = (true, now + ShardLimits.beat)
    }

    mutating func beaten() { isBeating = false }

    // MARK: What the server knows

    mutating func failed() { isFailing = true }

    /// The shard takes no lines.
    mutating func refusedLines(at now: UInt64) { refusedUntil = now + ShardLimits.refusal }

    /// Whether submissions may succeed again, after an answer of a shard that is well.
    func hasRecovered(at now: UInt64) -> Bool { isFailing && refusedUntil <= now }

    mutating func recovered() { (isFailing, refusedUntil) = (false, 0) }
}
