internal import ChatClient
internal import Reactor
internal import WebSocket

extension Crowd {
    /// Sends a line, unless the connection has ended.
    mutating func sendLine(_ entry: Schedule.Entry) {
        guard clients[entry.sender].isOpen else { return }
        let id = verifier.send(from: entry.sender)
        text.removeAll(keepingCapacity: true)
        verifier.format.write(id, due: entry.due, into: &text)
        frame.removeAll(keepingCapacity: true)
        let message = text
        clients[entry.sender].session.send(text: message.span, into: &frame, using: &random)
        sendFrame(entry.sender)
    }

    /// Says goodbye to the server, and waits for its answers for so long.
    mutating func closeAll(milliseconds: UInt64, buffer: inout [UInt8]) throws(Failure) {
        for index in 0..<clients.count where clients[index].isOpen {
            frame.removeAll(keepingCapacity: true)
            clients[index].session.close(.normal, into: &frame, using: &random)
            sendFrame(index)
        }
        let deadline = now.milliseconds + milliseconds
        while ended < clients.count, now.milliseconds < deadline {
            try tick(milliseconds: 100, buffer: &buffer)
        }
        for index in 0..<clients.count { drop(index) }
    }

    /// Sends what stands in `frame`, behind what waits already.
    mutating func sendFrame(_ index: Int) {
        guard clients[index].pending.isEmpty else {
            return clients[index].pending.append(contentsOf: frame)
        }
        guard let count = offer(frame, of: index), count < frame.count else { return }
        clients[index].pending.append(contentsOf: frame[count...])
        watch(index, [.readable, .writable])
    }

    /// The kernel takes bytes again.
    mutating func flush(_ index: Int) {
        guard let count = offer(clients[index].pending, of: index) else { return }
        clients[index].pending.removeFirst(count)
        if clients[index].pending.isEmpty { watch(index, .readable) }
    }

    /// How many of the bytes the kernel took; nil: the connection has ended.
    private mutating func offer(_ bytes: [UInt8], of index: Int) -> Int? {
        switch outbox.send(bytes, over: &network, to: clients[index].socket) {
        case .sent(let count): return count
        case .wouldBlock, .exhausted: return 0
        case .broken(let error):
            end(index, "\(error)")
            return nil
        }
    }

    private mutating func watch(_ index: Int, _ interest: Interest) {
        do throws(SystemError) {
            try network.change(
                clients[index].socket, token: clients.token(at: index), interest: interest)
        } catch {
            end(index, "\(error)")
        }
    }
}
