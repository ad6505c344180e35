internal import Reactor

/// When something is to be done about a connection.
extension Connections {
    /// Puts the connection's next deadline on the wheel. Called when a state begins that may have
    /// an earlier one; if a deadline has only moved on, that is seen when the old one fires.
    mutating func schedule(_ index: Int) {
        guard let (at, _) = table[index].deadline(limits, index: index) else { return }
        wheel.schedule(index, at: at)
    }

    /// Steps of the coarse clock until a deadline may fire; nil: there is none.
    // Inlined, because a call that changes nothing is given a copy of the table.
    @inline(__always)
    var stepsToNext: Int? { wheel.stepsToNext }

    /// Moves the connections of which a deadline may have fired into `due`.
    mutating func advance(to now: CoarseTime, due: inout [Int]) {
        wheel.advance(to: now, due: &due)
    }

    /// What is due for a connection, if its time has come.
    func actionDue(_ index: Int, at now: CoarseTime) -> DeadlineAction? {
        guard isServed(index), let (at, action) = table[index].deadline(limits, index: index),
            at <= now
        else { return nil }
        return action
    }
}
