internal import ChatClient
internal import Reactor
internal import WebSocket

extension Crowd {
    /// Reads once, and looks at everything that came.
    mutating func receive(_ index: Int, buffer: inout [UInt8]) throws(Failure) {
        var span = buffer.mutableSpan
        switch network.receive(from: clients[index].socket, into: &span) {
        case .bytes(let count):
            now = network.now()
            bytesReceived += count
            var input = span._mutatingExtracting(first: count)
            try received(index, &input)
        case .wouldBlock, .exhausted: break
        case .end: try lost(index, nil)
        case .broken(let error): try lost(index, error)
        }
    }

    private mutating func lost(_ index: Int, _ error: SystemError?) throws(Failure) {
        guard clients[index].session.state != .opening else {
            throw .handshakeEnded(connection: index, error)
        }
        end(index, error.map { "\($0)" } ?? "the server ended it without a Close")
    }

    private mutating func received(
        _ index: Int, _ input: inout MutableSpan<UInt8>
    ) throws(Failure) {
        var offset = 0
        frame.removeAll(keepingCapacity: true)
        while clients[index].phase == .connected {
            let event = clients[index].session.next(
                in: &input, from: &offset, rules: rules, output: &frame, using: &random)
            guard let event else { break }
            switch event {
            case .opened: opened += 1
            case .text(.input(let range)): try receivedText(index, input.span.extracting(range))
            case .text(.kept(let bytes)): try receivedText(index, bytes.span)
            case .binary: foreign += 1
            case .ping, .pong: break
            case .closed(let code):
                let name = code.map { "\($0.rawValue)" } ?? "no code"
                return end(index, "the server closed it (\(name))")
            case .failed(.violation(let violation)):
                return end(index, "the server broke RFC 6455 (\(violation.reason))")
            case .failed(let failure): throw .handshake(connection: index, failure)
            }
        }
        if !frame.isEmpty { sendFrame(index) }
    }

    private mutating func receivedText(_ index: Int, _ text: Span<UInt8>) throws(Failure) {
        switch verifier.received(text, by: index) {
        case .line(let due): timing.record(due: due, received: now)
        case .wrong: break
        case .foreign:
            foreign += 1
            if let refusal = Refusal(text) { throw refusal.failure(connection: index) }
        }
    }
}
