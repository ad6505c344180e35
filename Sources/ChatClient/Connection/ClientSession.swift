public import WebSocket

/// A client's side of one WebSocket connection: bytes in, events and bytes out, without a socket or
/// a clock. It answers Pings and Closes itself.
///
/// It takes a few words and the key of its handshake, and owns memory only while a message or frame
/// is incomplete, so that one process can hold tens of thousands.
public struct ClientSession: ~Copyable {
    /// The state of the connection.
    public enum State: Equatable, Sendable {
        /// The response to the opening handshake hasn't arrived completely.
        case opening
        /// It is a WebSocket, with this state in its closing handshake.
        case opened(SessionState)
        /// The opening handshake has failed.
        case refused
    }

    private enum Handshake {
        case pending
        case accepted
        case refused
    }

    private var handshake = Handshake.pending
    private var frames = Session()
    private let key: InlineArray<16, UInt8>
    /// The part of the response's head that has arrived.
    private var head: [UInt8] = []
    /// Nil unless permessage-deflate was agreed on.
    private var inflater: Inflater?
    private var deflater: Deflater?

    /// `random` chooses the key of the opening handshake, which must be new for each connection
    /// (RFC 6455 §4.1).
    public init(using random: inout some RandomNumberGenerator) {
        key = InlineArray { _ in UInt8.random(in: .min ... .max, using: &random) }
    }

    public var state: State {
        switch handshake {
        case .pending: .opening
        case .accepted: .opened(frames.state)
        case .refused: .refused
        }
    }

    /// Whether texts may be sent.
    public var isOpen: Bool { handshake == .accepted && frames.state == .open }

    /// Appends the request of the opening handshake, which begins a connection. `host` includes the
    /// port unless it is the scheme's default. `target` is path and query.
    public mutating func writeRequest(
        host: String, target: String, origin: String? = nil, rules: borrowing ClientRules,
        into output: inout [UInt8]
    ) {
        ClientHandshake.writeRequest(
            host: host, target: target, key: key, subprotocols: rules.subprotocols,
            deflate: rules.deflate, origin: origin, into: &output)
    }

    /// The next event in `input` from `offset` on; `offset` moves past the bytes used. Nil when all
    /// are used. Bytes to send in return are appended to `output`.
    ///
    /// `random` must be unpredictable if others choose the payloads (RFC 6455 §10.3).
    public mutating func next(
        in input: inout MutableSpan<UInt8>, from offset: inout Int,
        rules: borrowing ClientRules, output: inout [UInt8],
        using random: inout some RandomNumberGenerator
    ) -> ClientEvent? {
        switch handshake {
        case .pending: return receiveHead(input.span, from: &offset, rules: rules)
        case .refused:
            offset = input.count
            return nil
        case .accepted: break
        }
        do throws(ProtocolViolation) {
            let event = try frames.next(
                in: &input, from: &offset, rules: rules.frames, inflater: inflater)
            guard let event else { return nil }
            return take(event, in: input.span, rules: rules, output: &output, using: &random)
        } catch {
            answerClose(
                error.closeCode, reason: error.reason, rules: rules, output: &output,
                using: &random)
            return .failed(.violation(error))
        }
    }

    /// The server has ended its sending half, or the connection is gone. Nil if a WebSocket ends
    /// that was closed or failed before.
    public mutating func receivedEnd() -> ClientEvent? {
        switch state {
        case .opening:
            handshake = .refused
            return .failed(.ended)
        case .opened(.open), .opened(.closing(startedBy: .us)): return .failed(.ended)
        case .opened(.closing(startedBy: .peer)), .opened(.closed), .refused: return nil
        }
    }

    /// Appends a text message. The connection must be open. If permessage-deflate was agreed on,
    /// the message is compressed unless `compresses` is false.
    public mutating func send(
        text: Span<UInt8>, compresses: Bool = true, into output: inout [UInt8],
        using random: inout some RandomNumberGenerator
    ) {
        let key = MaskingKey(random.next())
        guard compresses, let deflater else {
            return FrameEncoder.appendMasked(.text, text, key: key, to: &output)
        }
        var deflated: [UInt8] = []
        deflater.deflate(text, into: &deflated)
        FrameEncoder.appendMasked(.text, deflated.span, key: key, rsv1: true, to: &output)
    }

    /// Appends our Close, once. It begins the closing handshake, or ends the one that the server
    /// began. Nothing may be sent after it.
    public mutating func close(
        _ code: CloseCode?, reason: String = "", into output: inout [UInt8],
        using random: inout some RandomNumberGenerator
    ) {
        switch state {
        case .opened(.open), .opened(.closing(startedBy: .peer)):
            FrameEncoder.appendMaskedClose(
                code, reason: reason, key: MaskingKey(random.next()), to: &output)
            frames.sentClose()
        case .opening, .refused, .opened(.closing(startedBy: .us)), .opened(.closed): break
        }
    }

    private mutating func receiveHead(
        _ input: Span<UInt8>, from offset: inout Int, rules: borrowing ClientRules
    ) -> ClientEvent? {
        guard offset < input.count else { return nil }
        let before = head.count
        head.append(input.extracting(offset...))
        do throws(ClientHandshakeFailure) {
            let response = try ClientHandshake.parseResponse(
                head.span, key: key, subprotocols: rules.subprotocols, deflate: rules.deflate)
            guard let response else {
                offset = input.count
                return nil
            }
            offset += response.length - before
            head = []
            guard response.deflate.map({ compress(as: $0) }) ?? true else {
                throw .invalid("There is not enough memory for decompression.")
            }
            handshake = .accepted
            return .opened(subprotocol: response.subprotocol.map { rules.subprotocols[$0] })
        } catch {
            offset = input.count
            handshake = .refused
            defer { head = [] }
            switch error {
            case .refused(let status):
                return .failed(.refused(HTTPRefusal(status, response: head)))
            case .invalid(let reason): return .failed(.handshake(reason))
            }
        }
    }

    /// Sets up compression. Returns whether there is enough memory for it.
    private mutating func compress(as agreed: DeflateParameters) -> Bool {
        inflater = Inflater(
            windowBits: agreed.serverWindowBits, keepsContext: !agreed.serverNoContextTakeover)
        deflater = Deflater(
            windowBits: agreed.clientWindowBits, keepsContext: !agreed.clientNoContextTakeover)
        return inflater != nil && deflater != nil
    }

    private mutating func take(
        _ event: SessionEvent, in input: Span<UInt8>, rules: borrowing ClientRules,
        output: inout [UInt8], using random: inout some RandomNumberGenerator
    ) -> ClientEvent {
        switch event {
        case .message(.text, let payload): return .text(payload)
        case .message(.binary, let payload): return .binary(payload)
        case .ping(let payload):
            if rules.answersPings, isOpen {
                answer(payload, in: input, output: &output, using: &random)
            }
            return .ping(payload)
        case .pong(let payload): return .pong(payload)
        case .close(let code):
            answerClose(code, reason: "", rules: rules, output: &output, using: &random)
            return .closed(code)
        }
    }

    private func answer(
        _ ping: Payload, in input: Span<UInt8>, output: inout [UInt8],
        using random: inout some RandomNumberGenerator
    ) {
        let key = MaskingKey(random.next())
        switch ping {
        case .input(let range):
            FrameEncoder.appendMasked(.pong, input.extracting(range), key: key, to: &output)
        case .kept(let bytes):
            FrameEncoder.appendMasked(.pong, bytes.span, key: key, to: &output)
        }
    }

    private mutating func answerClose(
        _ code: CloseCode?, reason: String, rules: borrowing ClientRules,
        output: inout [UInt8], using random: inout some RandomNumberGenerator
    ) {
        guard rules.answersCloses, frames.state == .closing(startedBy: .peer) else { return }
        close(code, reason: reason, into: &output, using: &random)
    }
}
