public import Reactor

/// What the poller reports, and what the server sees of it.
extension SecureNetwork where Base: ~Copyable, Session: ~Copyable {
    @usableFromInline
    mutating func waitSecured(
        milliseconds: Int32?, into ready: inout [ReadyEvent]
    ) throws(SystemError) {
        if pool?.isManual == true { pool?.workOnNext() }
        if !postponed.isEmpty { retryPostponed() }
        turn += 1
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
            } else if !readiness.isDisjoint(with: [.readable, .peerClosed, .broken]) {
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

    // MARK: Handshakes

    /// A client has sent something, or ended, before its handshake was done.
    private mutating func takeFlight(_ connection: SecureConnection<Session>) {
        switch Self.read(&base, &input, from: connection.socket) {
        case .bytes(let count):
            if connection.phase == .fresh, begin(connection, count) { return }
            submit(connection, count)
        case .wouldBlock: break
        case .end:
            // Somebody only looks whether the port is open, for one.
            let isUntouched = connection.phase == .fresh
            if !isUntouched { counts.count(.failed) }
            end(connection, isUntouched ? nil : SecureLimits.handshakeFailed)
        case .exhausted: postpone(connection)
        case .broken(let error): end(connection, error)
        }
    }

    /// There is no memory for what arrives or leaves. It is tried again a millisecond later.
    private mutating func postpone(_ connection: SecureConnection<Session>) {
        connection.postponed = base.now()
        postponed.append(connection)
        rewatch(connection)
    }

    private mutating func retryPostponed() {
        let now = base.now()
        for connection in postponed where (connection.postponed ?? now) < now {
            connection.postponed = nil
            if connections[Int(connection.socket.rawValue)] === connection { rewatch(connection) }
        }
        postponed.removeAll { $0.postponed == nil }
    }

    /// The first bytes tell what the client speaks. True if it isn't TLS.
    private mutating func begin(_ connection: SecureConnection<Session>, _ count: Int) -> Bool {
        switch input[0] {
        case 22:
            connection.job = HandshakeJob(
                place: Int(connection.socket.rawValue), generation: connection.generation)
            return false
        case UInt8(ascii: "A")...UInt8(ascii: "Z"):
            counts.count(.plainHTTP)
            connection.plaintext = Array(input[..<count])
            account(connection)
            become(.plain, connection)
            pend(connection)
            rewatch(connection)
        default:
            counts.count(.garbage)
            end(connection, SecureLimits.handshakeFailed)
        }
        return true
    }

    private mutating func submit(_ connection: SecureConnection<Session>, _ count: Int) {
        guard let job = connection.job, let pool else { return }
        job.input = Array(input[..<count])
        become(.working, connection)
        rewatch(connection)
        // A failure to watch ends the connection.
        if connection.phase == .working { pool.submit(job) }
    }

    /// Takes the steps that are done.
    private mutating func takeSteps() {
        guard let pool, handshaking > 0 else { return }
        for job in pool.takeDone() {
            guard job.place < connections.count, let connection = connections[job.place],
                connection.generation == job.generation, connection.job === job
            else { continue }
            tookStep(connection, job)
        }
    }

    private mutating func tookStep(
        _ connection: SecureConnection<Session>, _ job: HandshakeJob<Session>
    ) {
        swap(&output, &job.output)
        defer { job.output = [] }
        if connection.unsent.isEmpty {
            if case .broken(let error) = sendOutput(of: connection) {
                counts.count(.failed)
                return end(connection, error)
            }
        } else {
            connection.unsent += output
        }
        switch job.session?.state {
        case .handshaking: become(.waiting, connection)
        case .established:
            counts.count(job.session?.isResumed == true ? .resumed : .full)
            connection.session = job.session.take()
            connection.job = nil
            become(.established, connection)
            if connection.session?.isInsideRecord == true { beganRecord(connection) }
            if connection.hasInput { pend(connection) }
        case .ended, .failed, nil:
            counts.count(.failed)
            return end(connection, SecureLimits.handshakeFailed)
        }
        account(connection)
        rewatch(connection)
    }
}
