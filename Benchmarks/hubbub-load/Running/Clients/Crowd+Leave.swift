internal import ChatClient
internal import Reactor
internal import WebSocket

/// Connections that leave, come back, or stop reading.
extension Crowd {
    /// Leaves with or without a Close, and is to return at the given time.
    mutating func leave(
        _ index: Int, politely: Bool, keepsPlace: Bool, returns: Instant
    ) throws(Failure) {
        guard clients[index].isInside else { return }
        if politely {
            frame.removeAll(keepingCapacity: true)
            clients[index].session.close(.normal, into: &frame, using: &random)
            try sendFrame(index)
        }
        clients[index].resumes = keepsPlace && clients[index].isRich
        if !clients[index].resumes { verifiers[room(of: index)].left(member(index)) }
        drop(index)
        clients[index].goneSince = returns
        gone += 1
        returning.append((index, returns))
    }

    /// Opens connections that are due to come back, a limited number at a time, so that the others
    /// don't wait.
    mutating func reopen(atMost limit: Int) throws(Failure) {
        var (kept, begun) = ([(index: Int, due: Instant)](), 0)
        let all = returning
        returning = []
        for entry in all {
            if begun < limit, entry.due <= now {
                begun += 1
                try begin(entry.index, due: entry.due)
            } else {
                kept.append(entry)
            }
        }
        returning = kept + returning
    }

    /// Ends connections that are still away after their time.
    mutating func giveUpOnReturning() {
        for (index, _) in returning { endAway(index) }
        returning = []
        for index in 0..<clients.count where clients[index].goneSince != nil {
            if clients[index].phase != .closed { endAway(index) }
            drop(index)
        }
    }

    private mutating func endAway(_ index: Int) {
        clients[index].goneSince = nil
        let why = "it had left, and didn't get back in \(Self.returnPatience) s"
        verifiers[room(of: index)].ended(member(index), why: why)
    }

    /// Stops or resumes reading from the connection.
    mutating func setStalled(_ index: Int, _ isStalled: Bool) throws(Failure) {
        guard clients[index].isInside else { return }
        clients[index].isStalled = isStalled
        clients[index].wasStalled = true
        try watchAgain(index)
    }
}
