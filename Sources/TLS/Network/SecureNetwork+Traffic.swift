public import Reactor

/// Established connections.
extension SecureNetwork where Base: ~Copyable, Session: ~Copyable {
    // MARK: Receiving

    @specialized(where Base == LinuxNetwork, Session == TLSSession)
    @usableFromInline
    mutating func receiveSecured(
        from socket: Socket, into buffer: inout MutableSpan<UInt8>
    ) -> ReceiveOutcome {
        guard let connection = connection(socket) else {
            return .broken(SecureLimits.handshakeFailed)
        }
        switch connection.phase {
        case .fresh, .waiting, .working: return .wouldBlock
        case .ended(nil): return .end
        case .ended(let error?): return .broken(error)
        case .plain:
            guard !connection.plaintext.isEmpty else {
                return base.receive(from: connection.socket, into: &buffer)
            }
            return takePlaintext(connection, into: &buffer)
        case .established: return receive(connection, into: &buffer)
        }
    }

    private mutating func takePlaintext(
        _ connection: SecureConnection<Session>, into buffer: inout MutableSpan<UInt8>
    ) -> ReceiveOutcome {
        let count = min(buffer.count, connection.plaintext.count)
        for index in 0..<count { buffer[index] = connection.plaintext[index] }
        if count == connection.plaintext.count {
            connection.plaintext = []
        } else {
            connection.plaintext.removeFirst(count)
        }
        account(connection)
        return .bytes(count)
    }

    private mutating func receive(
        _ connection: SecureConnection<Session>, into buffer: inout MutableSpan<UInt8>
    ) -> ReceiveOutcome {
        var arrived = 0
        if connection.session?.hasMore != true {
            switch connection.session?.state {
            case .established: break
            case .handshaking, .ended, nil: return .end
            case .failed: return .broken(SecureLimits.broken)
            }
            switch Self.read(&base, &input, from: connection.socket) {
            case .bytes(let bytes): arrived = bytes
            case .wouldBlock where connection.isOverdue: break
            case let outcome: return outcome
            }
        }
        output.removeAll(keepingCapacity: true)
        let count = Self.decrypt(connection, &input, arrived, into: &buffer, &output)
        if !output.isEmpty { answer(connection) }
        if let outcome = follow(connection, count) { return outcome }
        return count > 0 ? .bytes(count) : .wouldBlock
    }

    /// The session wants to send something of its own. Nothing follows the end of our half.
    private mutating func answer(_ connection: SecureConnection<Session>) {
        guard !connection.hasFinished else { return }
        if connection.unsent.isEmpty {
            _ = sendOutput(of: connection)
        } else {
            connection.unsent += output
        }
    }

    /// Follows up on what the session has taken. Returns an outcome that replaces the bytes.
    private mutating func follow(
        _ connection: SecureConnection<Session>, _ count: Int
    ) -> ReceiveOutcome? {
        guard let state = connection.session?.state else { return nil }
        if connection.session?.isInsideRecord == true {
            if count > 0 || connection.insideRecordSince == nil {
                beganRecord(connection)
            } else if connection.isOverdue {
                counts.halfRecords += 1
                return .broken(SecureLimits.halfRecord)
            }
        } else {
            connection.insideRecordSince = nil
        }
        connection.isOverdue = false
        account(connection)
        switch state {
        case .handshaking, .established: break
        case .ended where count == 0: return .end
        case .failed where count == 0: return .broken(SecureLimits.broken)
        case .ended, .failed: break
        }
        // The poller won't report what the layer or the session has.
        if connection.hasInput { pend(connection) }
        if !connection.unsent.isEmpty { rewatch(connection) }
        return nil
    }

    /// A record is incomplete from now on.
    mutating func beganRecord(_ connection: SecureConnection<Session>) {
        let now = base.now()
        connection.insideRecordSince = now
        records.add(
            HalfRecords.Entry(
                place: Int(connection.socket.rawValue), generation: connection.generation,
                since: now))
    }

    // MARK: Sending

    @specialized(where Base == LinuxNetwork, Session == TLSSession)
    @usableFromInline
    mutating func sendSecured(
        _ gather: borrowing GatherList, to socket: Socket
    ) -> SendOutcome {
        guard let connection = connection(socket) else {
            return .broken(SecureLimits.handshakeFailed)
        }
        switch connection.phase {
        case .plain: return base.send(gather, to: connection.socket)
        case .fresh, .waiting, .working, .ended: return .broken(SecureLimits.handshakeFailed)
        case .established: break
        }
        if !connection.unsent.isEmpty, let refusal = flush(connection) { return refusal }
        var offset = connection.owesByte ? 1 : 0
        connection.owesByte = false
        while offset < gather.byteCount {
            output.removeAll(keepingCapacity: true)
            guard let size = Self.encrypt(connection, gather, from: offset, &plaintext, &output)
            else { return .broken(SecureLimits.broken) }
            offset += size
            switch sendOutput(of: connection) {
            case .sent(output.count): continue
            case .broken(let error): return .broken(error)
            case .sent, .wouldBlock, .exhausted:
                connection.owesByte = true
                account(connection)
                return .sent(offset - 1)
            }
        }
        return .sent(gather.byteCount)
    }

    /// Sends ``output``. What the network doesn't take is kept.
    mutating func sendOutput(of connection: SecureConnection<Session>) -> SendOutcome {
        guard !output.isEmpty else { return .sent(0) }
        let outcome = Self.transmit(&base, &output, &gather, to: connection.socket)
        switch outcome {
        case .sent(let count) where count == output.count: break
        case .sent(let count):
            connection.unsent = Array(output[count...])
            connection.isBlocked = true
        case .wouldBlock:
            connection.unsent = output
            connection.isBlocked = true
        case .exhausted:
            connection.unsent = output
            connection.exhausted = base.now()
        case .broken: break
        }
        return outcome
    }

    /// Sends what the network didn't take before. Nil if nothing is left.
    mutating func flush(_ connection: SecureConnection<Session>) -> SendOutcome? {
        if connection.isBlocked { return .wouldBlock }
        if let exhausted = connection.exhausted {
            // The socket may be writable all the same. So the server must wait.
            guard exhausted < base.now() else { return .exhausted }
            connection.exhausted = nil
        }
        let outcome = Self.transmit(
            &base, &connection.unsent, &gather, to: connection.socket)
        if outcome == .exhausted { connection.exhausted = base.now() }
        connection.isBlocked = outcome == .wouldBlock
        guard case .sent(let count) = outcome else { return outcome }
        connection.isBlocked = count < connection.unsent.count
        if count == connection.unsent.count {
            connection.unsent = []
        } else {
            connection.unsent.removeFirst(count)
        }
        account(connection)
        return connection.unsent.isEmpty ? nil : .wouldBlock
    }
}
