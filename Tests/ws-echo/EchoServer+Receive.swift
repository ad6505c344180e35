internal import Reactor
internal import TLS
internal import WebSocket

extension EchoServer {
    /// Reads once. Bytes beyond the buffer come with the next tick.
    mutating func receive(_ index: Int, buffer: inout [UInt8]) {
        var span = buffer.mutableSpan
        switch network.receive(from: connections[index].socket, into: &span) {
        case .bytes(let count):
            var input = span._mutatingExtracting(first: count)
            switch connections[index].phase {
            case .handshake: receivedHead(index, input.span)
            case .open: receivedFrames(index, &input, from: 0)
            case .closing, .lingering, .ended: break
            }
        case .wouldBlock, .exhausted: break
        case .end: peerEnded(index)
        case .broken: end(index)
        }
    }

    /// The peer sends nothing more. Waiting echoes still go out.
    private mutating func peerEnded(_ index: Int) {
        connections[index].peerEnded = true
        beginClosing(index)
    }

    /// Bytes of a request head have arrived, possibly followed by frames.
    private mutating func receivedHead(_ index: Int, _ bytes: Span<UInt8>) {
        connections[index].input.append(bytes)
        let input = connections[index].input
        do throws(RequestViolation) {
            let head = try RequestHead.parse(
                input.span, progress: &connections[index].headProgress, limits: EchoLimits.head)
            if let head { requested(index, head, in: input.span) }
        } catch {
            refuse(index, error.status, error.reason)
        }
    }

    /// Every path is a WebSocket.
    private mutating func requested(_ index: Int, _ head: RequestHead, in bytes: Span<UInt8>) {
        // Every valid offer is accepted.
        let policy = HandshakePolicy(deflate: DeflatePolicy())
        do throws(HandshakeRefusal) {
            let acceptance = try OpeningHandshake.negotiate(head, in: bytes, policy: policy)
            if let parameters = acceptance.deflate {
                guard let compression = Compression(parameters) else {
                    return refuse(index, .serviceUnavailable, "No memory for compression.")
                }
                connections[index].compression = compression
            }
            acceptance.writeResponse(policy: policy, into: &connections[index].outbound.bytes)
            scheduleFlush(index)
            wheel.cancel(index)
            connections[index].phase = .open
            connections[index].input.removeFirst(head.length)
            resume(index)
        } catch {
            let isHead = head.method == .head
            refuse(index, error.status, error.reason, isHead: isHead, fields: error.fields)
        }
    }

    private mutating func refuse(
        _ index: Int, _ status: HTTPStatus, _ reason: String, isHead: Bool = false,
        fields: [ResponseHead.Field] = []
    ) {
        ResponseHead.write(
            status, text: reason, keepsAlive: false, isHead: isHead, fields: fields,
            into: &connections[index].outbound.bytes)
        beginClosing(index)
    }

    /// Continues with the frames that were kept.
    mutating func resume(_ index: Int) {
        var input: [UInt8] = []
        swap(&input, &connections[index].input)
        var span = input.mutableSpan
        receivedFrames(index, &span, from: 0)
    }

    private mutating func receivedFrames(
        _ index: Int, _ input: inout MutableSpan<UInt8>, from start: Int
    ) {
        var offset = start
        while offset < input.count, connections[index].phase == .open {
            guard !connections[index].isHeld else {
                return connections[index].input.append(input.span.extracting(offset...))
            }
            do throws(ProtocolViolation) {
                let event = try connections[index].session.next(
                    in: &input, from: &offset, rules: EchoLimits.rules,
                    inflater: connections[index].compression?.inflater)
                switch event {
                case nil, .pong: break
                case .message(.text, let payload): send(index, .text, payload, input.span)
                case .message(.binary, let payload): send(index, .binary, payload, input.span)
                case .ping(let payload): send(index, .pong, payload, input.span)
                case .close(let code): close(index, code)
                }
            } catch {
                close(index, error.closeCode, error.reason)
            }
        }
    }

    private mutating func send(
        _ index: Int, _ opcode: Opcode, _ payload: Payload, _ input: Span<UInt8>
    ) {
        switch payload {
        case .input(let range): send(index, opcode, input.extracting(range))
        case .kept(let bytes): send(index, opcode, bytes.span)
        }
        scheduleFlush(index)
    }

    private mutating func send(_ index: Int, _ opcode: Opcode, _ payload: Span<UInt8>) {
        // Control frames are never compressed (RFC 7692 §6.1).
        let isMessage = opcode == .text || opcode == .binary
        let compression = isMessage ? connections[index].compression : nil
        if let compressed = compression?.deflate(payload) {
            FrameEncoder.append(
                opcode, compressed.span, rsv1: true, to: &connections[index].outbound.bytes)
        } else {
            FrameEncoder.append(opcode, payload, to: &connections[index].outbound.bytes)
        }
    }

    /// Answers a Close with its own code (RFC 6455 §5.5.1), or a violation with the code that the
    /// RFC names for it (§7.1.7). Nothing is sent after it.
    private mutating func close(_ index: Int, _ code: CloseCode?, _ reason: String = "") {
        FrameEncoder.appendClose(
            code, reason: reason, to: &connections[index].outbound.bytes)
        beginClosing(index)
    }
}
