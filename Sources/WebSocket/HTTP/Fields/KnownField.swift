/// The fields that this server reads, by their names.
enum KnownField: CaseIterable {
    case acceptEncoding, authorization, connection, contentEncoding, contentLength, contentType
    case expect, forwarded, forwardedFor, host, idempotencyKey, ifNoneMatch, origin
    case transferEncoding, upgrade, webSocketAccept, webSocketExtensions, webSocketKey
    case webSocketProtocol, webSocketVersion

    /// The field that a line begins with: its name and a colon directly after it. Nil if the server
    /// doesn't read that field. The first byte leaves a few names to compare.
    @inline(__always)
    init?(_ line: Span<UInt8>) {
        guard !line.isEmpty else { return nil }
        switch line[0] | 0x20 {
        case UInt8(ascii: "a") where line.begins(with: "accept-encoding:", ignoringCase: true):
            self = .acceptEncoding
        case UInt8(ascii: "a") where line.begins(with: "authorization:", ignoringCase: true):
            self = .authorization
        case UInt8(ascii: "c") where line.begins(with: "connection:", ignoringCase: true):
            self = .connection
        case UInt8(ascii: "c") where line.begins(with: "content-length:", ignoringCase: true):
            self = .contentLength
        case UInt8(ascii: "c") where line.begins(with: "content-type:", ignoringCase: true):
            self = .contentType
        case UInt8(ascii: "c") where line.begins(with: "content-encoding:", ignoringCase: true):
            self = .contentEncoding
        case UInt8(ascii: "e") where line.begins(with: "expect:", ignoringCase: true):
            self = .expect
        case UInt8(ascii: "f") where line.begins(with: "forwarded:", ignoringCase: true):
            self = .forwarded
        case UInt8(ascii: "h") where line.begins(with: "host:", ignoringCase: true):
            self = .host
        case UInt8(ascii: "i") where line.begins(with: "if-none-match:", ignoringCase: true):
            self = .ifNoneMatch
        case UInt8(ascii: "i") where line.begins(with: "idempotency-key:", ignoringCase: true):
            self = .idempotencyKey
        case UInt8(ascii: "o") where line.begins(with: "origin:", ignoringCase: true):
            self = .origin
        case UInt8(ascii: "s") where line.begins(with: "sec-websocket-", ignoringCase: true):
            self.init(webSocket: line.extracting(14...))
        case UInt8(ascii: "t") where line.begins(with: "transfer-encoding:", ignoringCase: true):
            self = .transferEncoding
        case UInt8(ascii: "u") where line.begins(with: "upgrade:", ignoringCase: true):
            self = .upgrade
        case UInt8(ascii: "x") where line.begins(with: "x-forwarded-for:", ignoringCase: true):
            self = .forwardedFor
        default: return nil
        }
    }

    /// The same for the rest of the line after `sec-websocket-`.
    @inline(__always)
    private init?(webSocket rest: Span<UInt8>) {
        if rest.begins(with: "key:", ignoringCase: true) {
            self = .webSocketKey
        } else if rest.begins(with: "version:", ignoringCase: true) {
            self = .webSocketVersion
        } else if rest.begins(with: "extensions:", ignoringCase: true) {
            self = .webSocketExtensions
        } else if rest.begins(with: "protocol:", ignoringCase: true) {
            self = .webSocketProtocol
        } else if rest.begins(with: "accept:", ignoringCase: true) {
            self = .webSocketAccept
        } else {
            return nil
        }
    }

    /// The length of the name, in bytes.
    var nameBytes: Int {
        switch self {
        case .host: 4
        case .expect, .origin: 6
        case .upgrade: 7
        case .forwarded: 9
        case .connection: 10
        case .contentType: 12
        case .authorization, .ifNoneMatch: 13
        case .contentLength: 14
        case .acceptEncoding, .forwardedFor, .idempotencyKey: 15
        case .contentEncoding: 16
        case .transferEncoding, .webSocketKey: 17
        case .webSocketAccept: 20
        case .webSocketVersion: 21
        case .webSocketProtocol: 22
        case .webSocketExtensions: 24
        }
    }
}
