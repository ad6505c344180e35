/// The fields that this server reads, by their names.
enum KnownField: CaseIterable {
    case acceptEncoding, connection, contentLength, expect, forwarded, forwardedFor, host
    case ifNoneMatch, origin
    case transferEncoding, upgrade, webSocketAccept, webSocketExtensions, webSocketKey
    case webSocketProtocol, webSocketVersion

    /// The field of this name; nil if it is none of them. The length leaves one or two to compare.
    @inline(__always)
    init?(_ name: Range<Int>, in bytes: Span<UInt8>) {
        switch name.count {
        case 4 where bytes.matches(name, ignoringCase: "host"): self = .host
        case 6 where bytes.matches(name, ignoringCase: "origin"): self = .origin
        case 6 where bytes.matches(name, ignoringCase: "expect"): self = .expect
        case 7 where bytes.matches(name, ignoringCase: "upgrade"): self = .upgrade
        case 9 where bytes.matches(name, ignoringCase: "forwarded"): self = .forwarded
        case 10 where bytes.matches(name, ignoringCase: "connection"): self = .connection
        case 13 where bytes.matches(name, ignoringCase: "if-none-match"): self = .ifNoneMatch
        case 14 where bytes.matches(name, ignoringCase: "content-length"): self = .contentLength
        case 15 where bytes.matches(name, ignoringCase: "accept-encoding"): self = .acceptEncoding
        case 15 where bytes.matches(name, ignoringCase: "x-forwarded-for"): self = .forwardedFor
        case 17 where bytes.matches(name, ignoringCase: "sec-websocket-key"): self = .webSocketKey
        case 17 where bytes.matches(name, ignoringCase: "transfer-encoding"):
            self = .transferEncoding
        case 20 where bytes.matches(name, ignoringCase: "sec-websocket-accept"):
            self = .webSocketAccept
        case 21 where bytes.matches(name, ignoringCase: "sec-websocket-version"):
            self = .webSocketVersion
        case 22 where bytes.matches(name, ignoringCase: "sec-websocket-protocol"):
            self = .webSocketProtocol
        case 24 where bytes.matches(name, ignoringCase: "sec-websocket-extensions"):
            self = .webSocketExtensions
        default: return nil
        }
    }
}
