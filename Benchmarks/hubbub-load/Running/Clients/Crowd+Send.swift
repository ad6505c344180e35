internal import ChatClient
internal import Reactor
internal import WebSocket

extension Crowd {
    /// Sends a line, unless the connection has ended.
    mutating func sendLine(_ entry: Schedule.Entry) throws(Failure) {
        let index = entry.sender
        guard clients[index].isInside, clients[index].isOpen else { return }
        let room = room(of: index)
        let id = verifiers[room].send(from: member(index))
        text.removeAll(keepingCapacity: true)
        if clients[index].isRich {
            verifiers[room].format.write(
                id, due: entry.due, room: roomName(room), into: &text)
        } else {
            verifiers[room].format.write(id, due: entry.due, into: &text)
        }
        frame.removeAll(keepingCapacity: true)
        let message = text
        clients[index].session.send(text: message.span, into: &frame, using: &random)
        try sendFrame(index)
    }

    /// Sends a Close on every connection, and waits this long for the answers.
    mutating func closeAll(milliseconds: UInt64, buffer: inout [UInt8]) throws(Failure) {
        isClosing = true
        for index in 0..<clients.count where clients[index].isOpen {
            frame.removeAll(keepingCapacity: true)
            clients[index].session.close(.normal, into: &frame, using: &random)
            try sendFrame(index)
        }
        let deadline = now.advanced(byMilliseconds: milliseconds)
        while inside > 0, now < deadline {
            try tick(nanoseconds: 100_000_000, buffer: &buffer)
        }
        for index in 0..<clients.count { drop(index) }
    }

    /// Sends `frame`, after bytes that already wait, under TLS if there is.
    mutating func sendFrame(_ index: Int) throws(Failure) {
        if target.isSecure { sealFrame(index) }
        try sendBytes(index)
    }

    /// Sends `frame` as it is, after bytes that already wait.
    mutating func sendBytes(_ index: Int) throws(Failure) {
        guard clients[index].pending.isEmpty else {
            return clients[index].pending.append(contentsOf: frame)
        }
        guard let count = try offer(frame, of: index), count < frame.count else { return }
        clients[index].pending.append(contentsOf: frame[count...])
        try watchAgain(index)
    }

    /// The kernel takes bytes again.
    mutating func flush(_ index: Int) throws(Failure) {
        guard let count = try offer(clients[index].pending, of: index) else { return }
        clients[index].pending.removeFirst(count)
        if clients[index].pending.isEmpty { try watchAgain(index) }
    }

    /// The number of bytes that the kernel took. Nil if the connection has ended.
    private mutating func offer(_ bytes: [UInt8], of index: Int) throws(Failure) -> Int? {
        switch outbox.send(bytes, over: &network, to: clients[index].socket) {
        case .sent(let count): return count
        case .wouldBlock, .exhausted: return 0
        case .broken(let error):
            try end(index, "\(error)")
            return nil
        }
    }

    /// Updates the interest to what the connection waits for.
    mutating func watchAgain(_ index: Int) throws(Failure) {
        var interest: Interest = clients[index].isStalled ? [] : .readable
        if !clients[index].pending.isEmpty { interest.insert(.writable) }
        do throws(SystemError) {
            try network.change(
                clients[index].socket, token: clients.token(at: index), interest: interest)
        } catch {
            try end(index, "\(error)")
        }
    }
}
