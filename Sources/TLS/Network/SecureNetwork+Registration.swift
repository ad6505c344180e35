public import Reactor

/// How connections come and go.
extension SecureNetwork where Base: ~Copyable, Session: ~Copyable {
    @usableFromInline
    mutating func registerSecured(
        _ socket: Socket, token: Token, interest: Interest
    ) throws(SystemError) {
        generation = generation == .max ? 1 : generation + 1
        let connection = SecureConnection<Session>(
            socket: socket, generation: generation, token: token, interest: interest)
        try base.register(socket, token: connection.layerToken, interest: connection.registered)
        let place = Int(socket.rawValue)
        while connections.count <= place { connections.append(nil) }
        connections[place] = connection
        count += 1
        handshaking += 1
    }

    @usableFromInline
    mutating func changeSecured(
        _ socket: Socket, token: Token, interest: Interest
    ) throws(SystemError) {
        guard let connection = connection(socket) else { return }
        let wasRead = connection.interest.contains(.readable)
        (connection.token, connection.interest) = (token, interest)
        try watch(connection)
        guard !wasRead, interest.contains(.readable) else { return }
        // While it wasn't read, the rest of its record could not arrive.
        if connection.insideRecordSince != nil { beganRecord(connection) }
        if connection.hasInput { pend(connection) }
    }

    /// Registers what the connection's state needs.
    mutating func watch(_ connection: SecureConnection<Session>) throws(SystemError) {
        let wanted = connection.wanted
        guard wanted != connection.registered else { return }
        try base.change(connection.socket, token: connection.layerToken, interest: wanted)
        connection.registered = wanted
    }

    /// The same where the server can't be told about a failure by the call. It is told by an event.
    mutating func rewatch(_ connection: SecureConnection<Session>) {
        do throws(SystemError) { try watch(connection) } catch { end(connection, error) }
    }

    /// The connection is over for the layer. The server sees it with the next wait.
    mutating func end(_ connection: SecureConnection<Session>, _ error: SystemError?) {
        if case .ended = connection.phase { return }
        become(.ended(error), connection)
        connection.job = nil
        connection.session = nil
        account(connection)
        // If this fails, too, the server closes the connection anyway.
        try? watch(connection)
        pend(connection)
    }

    mutating func become(
        _ phase: SecureConnection<Session>.Phase, _ connection: SecureConnection<Session>
    ) {
        if connection.isHandshaking {
            handshaking -= 1
            // A client that has sent nothing only looks whether the port is open, for one.
            if case .ended = phase, connection.phase != .fresh { counts.count(.failed) }
        }
        connection.phase = phase
        if connection.isHandshaking { handshaking += 1 }
    }

    /// What is kept for the connection may have changed.
    mutating func account(_ connection: SecureConnection<Session>) {
        let bytes = connection.heldBytes
        held += bytes - connection.counted
        connection.counted = bytes
    }

    /// The server will see the connection, though nothing may arrive for it.
    mutating func pend(_ connection: SecureConnection<Session>) {
        guard !connection.isPending else { return }
        connection.isPending = true
        pending.append(connection)
    }

    // MARK: The end

    /// The server ends its half. It has sent everything.
    @usableFromInline
    mutating func finish(_ socket: Socket) {
        guard let connection = connection(socket) else { return }
        if connection.phase == .established, sayEnd(connection) {
            connection.isFinishing = true
            return rewatch(connection)
        }
        base.shutdownWriting(connection.socket)
    }

    /// Says to the peer that nothing more comes. Returns whether some of that is yet to be sent.
    private mutating func sayEnd(_ connection: SecureConnection<Session>) -> Bool {
        guard !connection.hasFinished else { return !connection.unsent.isEmpty }
        connection.hasFinished = true
        output.removeAll(keepingCapacity: true)
        connection.session?.finish(output: &output)
        // A message that is half sent can't be finished any more if the socket is closed now.
        if connection.unsent.isEmpty {
            _ = sendOutput(of: connection)
        } else {
            connection.unsent += output
        }
        account(connection)
        return !connection.unsent.isEmpty
    }

    /// The server closes the socket in order.
    @usableFromInline
    mutating func takeLeave(of socket: Socket) {
        guard let connection = connection(socket) else { return }
        if connection.phase == .established { _ = sayEnd(connection) }
        forget(socket)
    }

    /// The server closes the socket.
    @usableFromInline
    mutating func forget(_ socket: Socket) {
        guard let connection = connection(socket) else { return }
        become(.ended(nil), connection)
        connection.isPending = false
        connection.insideRecordSince = nil
        held -= connection.counted
        connections[Int(socket.unsecured.rawValue)] = nil
        count -= 1
    }
}
