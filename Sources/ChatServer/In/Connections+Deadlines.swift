internal import Reactor

/// The deadlines of connections.
extension Connections {
    /// Puts the connection's next deadline on the wheel. It is called when a state begins that may
    /// have an earlier one. If a deadline has only moved on, the old one fires and is put on again.
    mutating func schedule(_ index: Int) {
        guard let (at, _) = table[index].deadline(limits, index: index) else { return }
        wheel.schedule(index, at: at)
    }

    /// Steps of the coarse clock until a deadline may fire. Nil if there is none.
    // It is inlined because a nonmutating call gets a copy of the table.
    @inline(__always)
    var stepsToNext: Int? { wheel.stepsToNext }

    /// Moves the connections whose deadlines may have fired into `due`.
    mutating func advance(to now: CoarseTime, due: inout [Int]) {
        wheel.advance(to: now, due: &due)
    }

    /// The action that is due for a connection, if its time has come.
    func actionDue(
        _ index: Int, skippingRetries: Bool = false, at now: CoarseTime
    ) -> DeadlineAction? {
        guard isServed(index),
            let (at, action) = table[index].deadline(
                limits, index: index, skippingRetries: skippingRetries),
            at <= now
        else { return nil }
        return action
    }

    /// Whether a deadline may have passed only because its connection waits for us: bytes that it
    /// has sent are kept for the next tick, or its socket has just become writable.
    func isOurs(_ index: Int, _ action: DeadlineAction) -> Bool {
        let flags = table[index].flags
        return action.isCausedBySilence && flags.contains(.resumes)
            || action.isCausedByUnreadBytes && flags.contains(.flushes)
    }
}
