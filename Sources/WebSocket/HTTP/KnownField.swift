/// The fields that this server reads, by their names.
enum KnownField: Int, CaseIterable {
    case acceptEncoding, connection, contentLength, expect, forwarded, forwardedFor, host
    case ifNoneMatch, origin
    case transferEncoding, upgrade, webSocketAccept, webSocketExtensions, webSocketKey
    case webSocketProtocol, webSocketVersion

    private var name: String {
        switch self {
        case .acceptEncoding: "accept-encoding"
        case .connection: "connection"
        case .contentLength: "content-length"
        case .expect: "expect"
        case .forwarded: "forwarded"
        case .forwardedFor: "x-forwarded-for"
        case .host: "host"
        case .ifNoneMatch: "if-none-match"
        case .origin: "origin"
        case .transferEncoding: "transfer-encoding"
        case .upgrade: "upgrade"
        case .webSocketAccept: "sec-websocket-accept"
        case .webSocketExtensions: "sec-websocket-extensions"
        case .webSocketKey: "sec-websocket-key"
        case .webSocketProtocol: "sec-websocket-protocol"
        case .webSocketVersion: "sec-websocket-version"
        }
    }

    /// The names as arrays, whose spans cost nothing.
    private static let names = allCases.map { Array($0.name.utf8) }

    /// The field of this name; nil if it is none of them. The length leaves one or two to compare.
    @inline(__always)
    init?(_ name: Range<Int>, in bytes: Span<UInt8>) {
        let initial = bytes[name.lowerBound].lowercased
        let field: KnownField
        switch name.count {
        case 4: field = .host
        case 6: field = initial == UInt8(ascii: "e") ? .expect : .origin
        case 7: field = .upgrade
        case 9: field = .forwarded
        case 10: field = .connection
        case 13: field = .ifNoneMatch
        case 14: field = .contentLength
        case 15: field = initial == UInt8(ascii: "a") ? .acceptEncoding : .forwardedFor
        case 17: field = initial == UInt8(ascii: "s") ? .webSocketKey : .transferEncoding
        case 20: field = .webSocketAccept
        case 21: field = .webSocketVersion
        case 22: field = .webSocketProtocol
        case 24: field = .webSocketExtensions
        default: return nil
        }
        let wanted = Self.names[field.rawValue]
        guard bytes.extracting(name).matches(ignoringCase: wanted.span) else { return nil }
        self = field
    }
}
