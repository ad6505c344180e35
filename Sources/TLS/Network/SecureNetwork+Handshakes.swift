internal import Reactor

/// What arrives before a connection's handshake is done.
extension SecureNetwork where Base: ~Copyable, Session: ~Copyable {
    /// A client has sent something, or ended, before its handshake was done.
    mutating func takeFlight(_ connection: SecureConnection<Session>) {
        switch Self.read(&base, &input, from: connection.socket) {
        case .bytes(let count):
            if connection.phase == .fresh, begin(connection, count) { return }
            submit(connection, count)
        case .wouldBlock: break
        case .end:
            end(connection, connection.phase == .fresh ? nil : SecureLimits.handshakeFailed)
        case .exhausted: postpone(connection)
        case .broken(let error): end(connection, error)
        }
    }

    /// There is no memory for what arrives or leaves. It is tried again a millisecond later.
    mutating func postpone(_ connection: SecureConnection<Session>) {
        connection.postponed = base.now()
        postponed.append(connection)
        rewatch(connection)
    }

    mutating func retryPostponed() {
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
    mutating func takeSteps() {
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
        case .ended, .failed, nil: return end(connection, SecureLimits.handshakeFailed)
        }
        account(connection)
        rewatch(connection)
    }
}
