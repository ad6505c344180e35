public import Reactor

/// What the poller reports, and what the server sees of it.
extension SecureNetwork where Base: ~Copyable, Session: ~Copyable {
    @specialized(where Base == LinuxNetwork, Session == TLSSession)
    @usableFromInline
    mutating func waitSecured(
        milliseconds: Int32?, into ready: inout [ReadyEvent]
    ) throws(SystemError) {
        if pool?.isManual == true { pool?.workOnNext() }
        if !postponed.isEmpty { retryPostponed() }
        turn += 1
        flightsLeft = SecureLimits.flightsAtOnce
        let began = base.now()
        let patience = patience(milliseconds, at: began)
        try base.wait(milliseconds: patience, into: &ready)
        takeSteps()
        translate(&ready)
        if !records.isEmpty { checkRecords(waited: patience, since: began) }
        waitEnded = base.now()
        tellPending(&ready)
    }

    /// Milliseconds for which to wait. The server may have to see something earlier than it asks.
    private mutating func patience(_ milliseconds: Int32?, at now: Instant) -> Int32? {
        pending.removeAll { connection in
            if connection.isPending, connection.mustTell { return false }
            connection.isPending = false
            return true
        }
        if !pending.isEmpty { return 0 }
        if handshaking > 0, pool?.isBusyByHand == true { return 0 }
        let milliseconds = postponed.isEmpty ? milliseconds : min(milliseconds ?? .max, 1)
        guard let next = records.next else { return milliseconds }
        let due = Instant(nanoseconds: next.since.nanoseconds &+ recordTimeout)
        let left = now < due ? (due.nanoseconds - now.nanoseconds) / 1_000_000 + 1 : 0
        return min(milliseconds ?? .max, Int32(clamping: left))
    }

    /// Replaces the layer's events by those that concern the server.
    private mutating func translate(_ ready: inout [ReadyEvent]) {
        var kept = 0
        for index in ready.indices {
            let event = ready[index]
            if let place = SecureToken.descriptor(event.token) {
                guard place < connections.count, let connection = connections[place],
                    connection.generation == event.token.generation,
                    let readiness = becameReady(connection, event.readiness)
                else { continue }
                connection.told = turn
                ready[kept] = ReadyEvent(token: connection.token, readiness: readiness)
            } else {
                ready[kept] = event
            }
            kept += 1
        }
        ready.removeLast(ready.count - kept)
    }

    /// Returns the readiness that the server sees, or nil.
    private mutating func becameReady(
        _ connection: SecureConnection<Session>, _ readiness: Readiness
    ) -> Readiness? {
        if readiness.contains(.writable) { connection.isBlocked = false }
        if readiness.contains(.writable), !connection.unsent.isEmpty,
            connection.phase != .established || connection.isFinishing
        {
            sendOwnBytes(connection)
        }
        switch connection.phase {
        case .fresh, .waiting:
            if connection.postponed != nil {
                // Only an end is reported while it isn't read.
                if readiness.contains(.broken) { end(connection, SecureLimits.handshakeFailed) }
            } else if flightsLeft > 0,
                !readiness.isDisjoint(with: [.readable, .peerClosed, .broken])
            {
                flightsLeft -= 1
                takeFlight(connection)
            }
            return nil
        case .working:
            if readiness.contains(.broken) { end(connection, SecureLimits.handshakeFailed) }
            return nil
        case .ended: return nil
        case .established, .plain:
            var seen = readiness
            if !connection.interest.contains(.writable) { seen.remove(.writable) }
            return seen.isEmpty ? nil : seen
        }
    }

    /// Sends bytes that the server doesn't know of: of a handshake, or the end.
    private mutating func sendOwnBytes(_ connection: SecureConnection<Session>) {
        switch flush(connection) {
        case nil:
            if connection.isFinishing {
                connection.isFinishing = false
                base.shutdownWriting(connection.socket)
            }
            rewatch(connection)
        case .wouldBlock: break
        case .broken(let error): end(connection, error)
        case .exhausted: postpone(connection)
        case .sent: preconditionFailure("a flush that sent all says so")
        }
    }

    /// Ends connections whose record is incomplete for too long: the server sees them, reads once
    /// more, and finds that the rest isn't there.
    private mutating func checkRecords(waited: Int32?, since began: Instant) {
        let now = base.now()
        let expected = began.nanoseconds &+ UInt64(max(waited ?? .max, 0)) &* 1_000_000
        if now.nanoseconds > expected &+ SecureLimits.standstill
            || began.nanoseconds > waitEnded.nanoseconds &+ SecureLimits.standstill
        {
            // The process stood still. What the clients sent meanwhile is yet to be read.
            return restartRecords()
        }
        while let next = records.next,
            next.since.nanoseconds &+ recordTimeout <= now.nanoseconds
        {
            records.removeNext()
            guard let connection = waitsForRecord(next) else { continue }
            if connection.interest.contains(.readable) {
                connection.isOverdue = true
                pend(connection)
            } else {
                beganRecord(connection)
            }
        }
    }

    private mutating func restartRecords() {
        for entry in records.takeAll() {
            if let connection = waitsForRecord(entry) { beganRecord(connection) }
        }
    }

    /// The connection of an entry, if it still waits for the rest of the same record.
    private func waitsForRecord(_ entry: HalfRecords.Entry) -> SecureConnection<Session>? {
        guard entry.place < connections.count, let connection = connections[entry.place],
            connection.generation == entry.generation,
            connection.insideRecordSince == entry.since
        else { return nil }
        return connection
    }

    /// Adds the connections for which the poller has nothing to report.
    private mutating func tellPending(_ ready: inout [ReadyEvent]) {
        for connection in pending
        where connection.isPending && connection.told < turn && connection.mustTell {
            guard ready.count < readyLimit else { return }
            var readiness: Readiness = .readable
            if case .ended = connection.phase { readiness.insert(.broken) }
            ready.append(ReadyEvent(token: connection.token, readiness: readiness))
        }
    }
}
