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
            var offset = 0
            if clients[index].phase == .opening { try receivedHead(index, input.span, &offset) }
            try receivedFrames(index, &input, &offset)
        case .wouldBlock, .exhausted: break
        case .end: try lost(index, nil)
        case .broken(let error): try lost(index, error)
        }
    }

    private mutating func lost(_ index: Int, _ error: SystemError?) throws(Failure) {
        guard clients[index].phase != .opening else {
            throw .handshakeEnded(connection: index, error)
        }
        end(index, error.map { "\($0)" } ?? "the server ended it without a Close")
    }

    private mutating func receivedFrames(
        _ index: Int, _ input: inout MutableSpan<UInt8>, _ offset: inout Int
    ) throws(Failure) {
        while let event = nextEvent(index, &input, &offset) {
            switch event {
            case .message(.text, .input(let range)):
                try receivedText(index, input.span.extracting(range))
            case .message(.text, .kept(let bytes)): try receivedText(index, bytes.span)
            case .message(.binary, _): foreign += 1
            case .ping(.input(let range)): send(.pong, input.span.extracting(range), from: index)
            case .ping(.kept(let bytes)): send(.pong, bytes.span, from: index)
            case .pong: break
            case .close(let code):
                let name = code.map { "\($0.rawValue)" } ?? "no code"
                end(index, "the server closed it (\(name))")
            }
        }
    }

    private mutating func nextEvent(
        _ index: Int, _ input: inout MutableSpan<UInt8>, _ offset: inout Int
    ) -> SessionEvent? {
        guard clients[index].phase == .open || clients[index].phase == .closing else { return nil }
        do throws(ProtocolViolation) {
            return try clients[index].session.next(in: &input, from: &offset, rules: rules)
        } catch {
            end(index, "the server broke RFC 6455 (\(error.reason))")
            return nil
        }
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
