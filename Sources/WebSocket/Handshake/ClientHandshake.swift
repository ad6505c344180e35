/// The client's side of the opening handshake (RFC 6455 §4.1).
public enum ClientHandshake {
    /// A valid acceptance by a server.
    public struct Acceptance: Equatable, Sendable {
        /// Bytes of the response's head. Frames may follow directly.
        public let length: Int
        /// The index of the subprotocol that the server chose. Nil if none.
        public let subprotocol: Int?
        /// The agreed parameters of permessage-deflate. Nil if nothing is compressed.
        public let deflate: DeflateParameters?
    }

    /// The largest size of a response's head, in bytes. Above it the handshake fails.
    private static let responseBytes = 65_536

    /// Appends the request. `host` includes the port unless it is the scheme's default. `key` is 16
    /// random bytes, new for each connection. `deflate` offers permessage-deflate.
    public static func writeRequest(
        host: String, target: String, key: InlineArray<16, UInt8>, subprotocols: [String] = [],
        deflate: DeflateParameters? = nil, origin: String? = nil, into output: inout [UInt8]
    ) {
        output.append("GET \(target) HTTP/1.1\r\nHost: \(host)\r\n")
        output.append("Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n")
        output.append("Sec-WebSocket-Key: ")
        Base64.append(key.span, to: &output)
        output.append("\r\n")
        if let origin { ResponseHead.write("Origin", origin, into: &output) }
        if !subprotocols.isEmpty {
            ResponseHead.write(
                "Sec-WebSocket-Protocol", subprotocols.joined(separator: ", "), into: &output)
        }
        if let deflate {
            ResponseHead.write("Sec-WebSocket-Extensions", deflate.fieldValue, into: &output)
        }
        output.append("\r\n")
    }

    /// Parses the response at the start of `bytes` to a request with this key, these subprotocols
    /// and this offer. Nil if its head isn't complete.
    public static func parseResponse(
        _ bytes: Span<UInt8>, key: InlineArray<16, UInt8>, subprotocols: [String] = [],
        deflate offer: DeflateParameters? = nil
    ) throws(ClientHandshakeFailure) -> Acceptance? {
        let fields: Fields
        do throws(RequestViolation) {
            guard let complete = try Fields(bytes) else {
                guard bytes.count < responseBytes else {
                    throw .malformed("The response head is too long.")
                }
                return nil
            }
            fields = complete
        } catch {
            throw .invalid(error.reason)
        }
        guard fields.status == .switchingProtocols else { throw .refused(fields.status) }
        guard fields.namesWebSocket, fields.upgrades else {
            throw .invalid("The response doesn't upgrade to WebSocket.")
        }
        var accept = fields.accept
        guard accept.count == 1, let answer = accept.next(in: bytes),
            isAnswer(answer, in: bytes, to: key)
        else {
            throw .invalid("Sec-WebSocket-Accept doesn't answer the key.")
        }
        let deflate = try deflate(fields.extensions, in: bytes, offer: offer)
        var protocols = fields.protocols
        let isOne = protocols.count == 1
        guard let chosen = protocols.next(in: bytes) else {
            return Acceptance(length: fields.end, subprotocol: nil, deflate: deflate)
        }
        guard isOne,
            let index = subprotocols.firstIndex(where: { bytes.matches(chosen, $0) })
        else { throw .invalid("The server chose a subprotocol that wasn't offered.") }
        return Acceptance(length: fields.end, subprotocol: index, deflate: deflate)
    }

    /// The parameters that the server's extensions make of the offer. No other extension is
    /// offered.
    private static func deflate(
        _ lines: consuming FieldLines, in bytes: Span<UInt8>, offer: DeflateParameters?
    ) throws(ClientHandshakeFailure) -> DeflateParameters? {
        var answers: [DeflateParameters?] = []
        do throws(MalformedExtensions) {
            while let line = lines.next(in: bytes) {
                var list = ExtensionList(line)
                while let name = try list.nextExtension(in: bytes) {
                    answers.append(
                        try DeflateParameters.parse(name, &list, in: bytes, as: .answer))
                }
            }
        } catch {
            throw .invalid(MalformedExtensions.reason)
        }
        guard let first = answers.first else { return nil }
        guard answers.count == 1, let answer = first, let agreed = offer?.agreement(on: answer)
        else { throw .invalid("The server chose an extension that wasn't offered.") }
        return agreed
    }

    private static func isAnswer(
        _ value: Range<Int>, in bytes: Span<UInt8>, to key: InlineArray<16, UInt8>
    ) -> Bool {
        var request: [UInt8] = []
        Base64.append(key.span, to: &request)
        var answer = [UInt8](repeating: 0, count: AcceptKey.bytes)
        var output = answer.mutableSpan
        AcceptKey(for: request.indices, in: request.span).write(to: &output)
        return value.count == answer.count
            && answer.indices.allSatisfy { bytes[value.lowerBound + $0] == answer[$0] }
    }

    /// The fields of a response that concern the handshake.
    private struct Fields {
        let status: HTTPStatus
        private(set) var end = 0
        private(set) var accept = FieldLines(.webSocketAccept)
        private(set) var extensions = FieldLines(.webSocketExtensions)
        private(set) var protocols = FieldLines(.webSocketProtocol)
        /// The options that `Connection` and `Upgrade` list.
        private(set) var upgrades = false
        private(set) var namesWebSocket = false

        /// Nil if the head isn't complete.
        init?(_ bytes: Span<UInt8>) throws(RequestViolation) {
            var lines = HeadLines()
            let limit = min(bytes.count, responseBytes)
            guard let statusLine = try lines.next(in: bytes, limit: limit) else { return nil }
            status = try Self.parseStatus(bytes, in: statusLine)
            while let line = try lines.next(in: bytes, limit: limit) {
                if line.isEmpty {
                    end = lines.position
                    return
                }
                take(try FieldLine(line, in: bytes), in: bytes)
            }
            return nil
        }

        private mutating func take(_ line: FieldLine, in bytes: Span<UInt8>) {
            let value = line.value
            switch line.field {
            case .connection:
                if ListElements.list(value, has: "upgrade", in: bytes) { upgrades = true }
            case .upgrade:
                if ListElements.list(value, has: "websocket", in: bytes) {
                    namesWebSocket = true
                }
            case .webSocketAccept: accept.append(value)
            case .webSocketExtensions: extensions.append(value)
            case .webSocketProtocol: protocols.append(value)
            case nil, .acceptEncoding, .authorization, .contentEncoding, .contentLength,
                .contentType, .expect, .forwarded, .forwardedFor, .host, .idempotencyKey,
                .ifNoneMatch, .origin, .transferEncoding, .webSocketKey, .webSocketVersion:
                break
            }
        }

        /// `HTTP/1.1 101 phrase`; the phrase may be empty (RFC 9112 §4).
        private static func parseStatus(
            _ bytes: Span<UInt8>, in line: Range<Int>
        ) throws(RequestViolation) -> HTTPStatus {
            guard line.count >= 12, bytes.matches(0..<7, exactly: "HTTP/1."), bytes[8] == .space,
                line.count == 12 || bytes[12] == .space
            else { throw .malformed("The response has no status line of HTTP/1.1.") }
            var code: UInt16 = 0
            for index in 9..<12 {
                guard bytes[index].isDigit else {
                    throw .malformed("The response has no status code.")
                }
                code = code * 10 + UInt16(bytes[index] & 0x0F)
            }
            return HTTPStatus(rawValue: code)
        }
    }
}
