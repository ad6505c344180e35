internal import Chat
internal import ChatClient
internal import Reactor
internal import WebSocket

extension Crowd {
    /// Reads once, and handles everything that has arrived.
    mutating func receive(_ index: Int, buffer: inout [UInt8]) throws(Failure) {
        var span = buffer.mutableSpan
        switch network.receive(from: clients[index].socket, into: &span) {
        case .bytes(let count):
            now = network.now()
            bytesReceived += count
            var input = span._mutatingExtracting(first: count)
            if target.isSecure {
                try receivedSealed(index, input.span)
            } else {
                try received(index, &input)
            }
        case .wouldBlock, .exhausted: break
        case .end: try lost(index, nil)
        case .broken(let error): try lost(index, error)
        }
    }

    mutating func lost(_ index: Int, _ error: SystemError?) throws(Failure) {
        guard !clients[index].isOpeningTLS else {
            let failure = ClientFailure.tls("the server ended it in the handshake")
            return try failedToOpen(index, handshakeFailure(index, failure))
        }
        guard clients[index].session.state != .opening else {
            return try failedToOpen(
                index, .handshakeEnded(connection: number(index), error))
        }
        try end(index, error.map { "\($0)" } ?? "the server ended it without a Close")
    }

    mutating func received(
        _ index: Int, _ input: inout MutableSpan<UInt8>
    ) throws(Failure) {
        var offset = 0
        frame.removeAll(keepingCapacity: true)
        while clients[index].phase == .connected {
            if clients[index].isAligned {
                takeExpected(index, input.span, from: &offset)
                if offset == input.count { break }
            }
            let start = offset
            let event = clients[index].session.next(
                in: &input, from: &offset, rules: rules, output: &frame, using: &random)
            guard let event else {
                if start < input.count { clients[index].isAligned = false }
                break
            }
            try take(event, input.span, by: index)
        }
        if !frame.isEmpty, clients[index].phase == .connected { try sendFrame(index) }
    }

    /// Skips frames that equal, byte by byte, what others have received at their position.
    private mutating func takeExpected(
        _ index: Int, _ input: Span<UInt8>, from offset: inout Int
    ) {
        let (room, member, number) = (room(of: index), member(index), number(index))
        let wasStalled = clients[index].wasStalled
        while let line = verifiers[room].take(input, from: &offset, by: member) {
            timing.record(due: line.due, received: now, wasStalled: wasStalled)
            if collectsEchoes, line.id.sender == number { echoes.append(index) }
        }
    }

    private mutating func take(
        _ event: ClientEvent, _ input: Span<UInt8>, by index: Int
    ) throws(Failure) {
        switch event {
        case .opened(let subprotocol): try shookHands(index, subprotocol)
        case .text(.input(let range)):
            clients[index].isAligned = true
            try receivedText(index, input.extracting(range))
        case .text(.kept(let bytes)):
            clients[index].isAligned = true
            try receivedText(index, bytes.span)
        case .binary: foreign += 1
        // It may come between two fragments of a message.
        case .ping, .pong: clients[index].isAligned = false
        case .closed(let code):
            let name = code.map { "\($0.rawValue)" } ?? "no code"
            try end(index, "the server closed it (\(name))")
        case .failed(.violation(let violation)):
            try end(index, "the server broke RFC 6455 (\(violation.reason))")
        case .failed(let failure):
            try failedToOpen(index, handshakeFailure(index, failure))
        }
    }

    /// Why a connection failed to open.
    func handshakeFailure(_ index: Int, _ failure: ClientFailure) -> Failure {
        .handshake(connection: number(index), failure, isSecure: target.isSecure)
    }

    private mutating func shookHands(_ index: Int, _ subprotocol: String?) throws(Failure) {
        clients[index].isAligned = true
        clients[index].isRich = subprotocol != nil
        guard subprotocol == nil else { return try join(index) }
        guard share.settings.dialect != .rich else {
            throw Failure(
                "--dialect \(Subprotocol.rich): the server doesn't speak it; use --dialect plain")
        }
        if clients[index].wasInside { verifiers[room(of: index)].entered(member(index)) }
        arrived(index)
    }

    private mutating func receivedText(_ index: Int, _ text: Span<UInt8>) throws(Failure) {
        switch verifiers[room(of: index)].received(text, by: member(index)) {
        case .line(let id, let due):
            timing.record(due: due, received: now, wasStalled: clients[index].wasStalled)
            if collectsEchoes, id.sender == number(index) { echoes.append(index) }
        case .wrong: break
        case .foreign:
            if clients[index].isRich { return try receivedEvent(index, text) }
            foreign += 1
            if let refusal = Refusal(text) { throw refusal.failure(connection: number(index)) }
        }
    }
}
