internal import TestSupport
internal import WebSocket

/// A client's opening handshake, and its frames in both directions, compressed if that was agreed
/// on.
struct ClientCodec: ~Copyable {
    private var session = Session()
    /// The agreed parameters of permessage-deflate. Nil if nothing is compressed.
    private(set) var agreed: DeflateParameters?
    private var inflater: Inflater?
    private var deflater: Deflater?
    private let key: InlineArray<16, UInt8>

    private static let richDialect = "hubbub.v1"
    private static let rules = FrameRules(role: .client, messageBytes: 1 << 22)

    /// `random` chooses the key of the opening handshake.
    init(random: consuming SplitMix64) {
        key = InlineArray { _ in UInt8(truncatingIfNeeded: random.next()) }
    }

    /// The request of an opening handshake.
    func request(target: String, isRich: Bool, compression: ClientCompression?) -> [UInt8] {
        var request: [UInt8] = []
        ClientHandshake.writeRequest(
            host: "chat.example", target: target, key: key,
            subprotocols: Self.subprotocols(isRich), deflate: compression?.offer, into: &request)
        return request
    }

    /// Parses the answer to ``request(target:isRich:compression:)`` with the same arguments. Nil if
    /// it is incomplete.
    mutating func receivedResponse(
        _ bytes: Span<UInt8>, isRich: Bool, compression: ClientCompression?
    ) throws(ClientHandshakeFailure) -> ClientHandshake.Acceptance? {
        let response = try ClientHandshake.parseResponse(
            bytes, key: key, subprotocols: Self.subprotocols(isRich),
            deflate: compression?.offer)
        if let agreed = response?.deflate {
            compress(agreed, breaksPromise: compression?.breaksPromise == true)
        }
        return response
    }

    private static func subprotocols(_ isRich: Bool) -> [String] { isRich ? [richDialect] : [] }

    private mutating func compress(_ agreed: DeflateParameters, breaksPromise: Bool) {
        self.agreed = agreed
        inflater = Inflater(
            windowBits: agreed.serverWindowBits, keepsContext: !agreed.serverNoContextTakeover)
        deflater = Deflater(
            windowBits: agreed.clientWindowBits,
            keepsContext: !agreed.clientNoContextTakeover || breaksPromise)
    }

    /// The next event of the server's frames in `input`, as from a ``Session``.
    mutating func next(
        in input: inout MutableSpan<UInt8>, from offset: inout Int
    ) throws(ProtocolViolation) -> SessionEvent? {
        try session.next(in: &input, from: &offset, rules: Self.rules, inflater: inflater)
    }

    /// Makes a masked frame. If compression was agreed on, it compresses so many of 1 000 whole
    /// texts.
    func frame(
        _ opcode: Opcode, _ payload: some Collection<UInt8>, isFinal: Bool,
        deflating share: Int, random: inout SplitMix64
    ) -> [UInt8] {
        var frame: [UInt8] = []
        let key = MaskingKey(random.next32())
        var payload = Array(payload)
        var isDeflated = false
        if let deflater, opcode == .text, isFinal, random.happens(share) {
            var deflated: [UInt8] = []
            deflater.deflate(payload.span, into: &deflated)
            (payload, isDeflated) = (deflated, true)
        }
        FrameEncoder.appendMasked(
            opcode, payload.span, key: key, isFinal: isFinal, rsv1: isDeflated, to: &frame)
        return frame
    }
}
