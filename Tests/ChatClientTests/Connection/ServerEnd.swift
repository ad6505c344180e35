import WebSocket

/// The server's end of a connection in a test. It writes responses and frames.
enum ServerEnd {
    /// The answer to a client's request for a WebSocket.
    static func response(
        to request: [UInt8], subprotocols: [String] = [], deflate: DeflatePolicy? = nil
    ) throws -> [UInt8] {
        let policy = HandshakePolicy(subprotocols: subprotocols, deflate: deflate)
        var progress = HeadProgress()
        guard
            let head = try RequestHead.parse(
                request.span, progress: &progress, limits: HeadLimits())
        else { return [] }
        let acceptance = try OpeningHandshake.negotiate(head, in: request.span, policy: policy)
        var response: [UInt8] = []
        acceptance.writeResponse(policy: policy, into: &response)
        return response
    }

    static func frame(
        _ opcode: Opcode, _ text: String, isFinal: Bool = true
    ) -> [UInt8] {
        var frame: [UInt8] = []
        let payload = Array(text.utf8)
        FrameEncoder.append(opcode, payload.span, isFinal: isFinal, to: &frame)
        return frame
    }

    static func close(_ code: CloseCode?) -> [UInt8] {
        var frame: [UInt8] = []
        FrameEncoder.appendClose(code, to: &frame)
        return frame
    }

    /// A client's frames as texts.
    static func read(_ frames: [UInt8]) throws -> [String] {
        var session = Session()
        var bytes = frames
        var input = bytes.mutableSpan
        var offset = 0
        var said: [String] = []
        while let event = try session.next(
            in: &input, from: &offset, rules: FrameRules(role: .server))
        {
            switch event {
            case .message(let kind, let payload):
                said.append("\(kind) \(text(payload, input.span))")
            case .ping(let payload): said.append("ping \(text(payload, input.span))")
            case .pong(let payload): said.append("pong \(text(payload, input.span))")
            case .close(let code): said.append("close \(code?.rawValue ?? 0)")
            }
        }
        return said
    }

    private static func text(_ payload: Payload, _ input: Span<UInt8>) -> String {
        switch payload {
        case .kept(let bytes): return String(decoding: bytes, as: UTF8.self)
        case .input(let range):
            return String(decoding: range.map { input[$0] }, as: UTF8.self)
        }
    }
}
