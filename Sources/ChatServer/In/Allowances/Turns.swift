/// The work of a tick that connections ask for, in units of ``Cost``, and of the turn that is under
/// way in it.
///
/// A connection has a turn when its input is handled. The tick's budget is shared equally by those
/// that are ready, so no turn takes more than its share, but for the last message in it. Once the
/// budget is spent, only quiet connections get a turn. The others wait in line for the next tick.
struct Turns {
    /// The share of each turn in this tick.
    private(set) var share = 0
    /// The cost of this tick's turns so far.
    private(set) var tick = 0
    /// The cost of this turn.
    private(set) var turn = 0
    /// The part of it that isn't charged.
    private var waived = 0
    /// The cost of this turn before its present message.
    private var before = 0
    /// Whether the present message carries a line.
    private var isLine = false
    /// What connections that aren't quiet have paid in this tick.
    private var busy = 0
    /// Turns that were put off to the next tick.
    var postponed: UInt64 = 0

    /// A tick has begun in which this many connections want a turn.
    mutating func tickBegan(wanting connections: Int) {
        (tick, busy) = (0, 0)
        share = max(min(Limits.tickCost / max(connections, 1), Limits.turnCost), 1)
    }

    /// Whether the tick's budget is spent.
    var areOver: Bool { tick >= Limits.tickCost }

    /// Whether connections that ask for much have used up the tick. A short pause then leaves the
    /// processor to other threads, above all to those of the store, which quiet clients wait for.
    var needRest: Bool { busy >= Limits.tickCost }

    /// A connection that isn't quiet has paid for work.
    mutating func paid(_ cost: Int) { busy += cost }

    mutating func began() { (turn, waived) = (0, 0) }

    /// Whether the turn has used up its share.
    var isOver: Bool { turn >= share }

    /// The turn does this work.
    mutating func spend(_ cost: Int) { turn += cost }

    mutating func messageBegan() { (before, isLine) = (turn, false) }

    /// The present message carries a line.
    mutating func carriesLine() { isLine = true }

    /// The present message has been handled. If lines are free and it carries one, it costs
    /// nothing.
    mutating func messageEnded(linesAreFree: Bool) {
        if linesAreFree, isLine { waived += turn - before }
    }

    /// Nothing that the turn has done so far is charged: a program without limits has asked for it.
    mutating func waive() { waived = turn }

    /// The turn has ended. Returns what it costs the connection.
    mutating func ended() -> Int {
        tick += turn + Cost.turn
        let charged = turn - waived
        // A turn with nothing to charge in it is free itself.
        return charged > 0 || turn == 0 ? charged + Cost.turn : 0
    }
}
