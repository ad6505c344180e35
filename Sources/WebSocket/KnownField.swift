/// The fields that this server reads, by their names in small letters.
enum KnownField: String {
    case connection
    case contentLength = "content-length"
    case expect
    case forwarded
    case forwardedFor = "x-forwarded-for"
    case host
    case origin
    case transferEncoding = "transfer-encoding"
    case upgrade
    case webSocketAccept = "sec-websocket-accept"
    case webSocketExtensions = "sec-websocket-extensions"
    case webSocketKey = "sec-websocket-key"
    case webSocketProtocol = "sec-websocket-protocol"
    case webSocketVersion = "sec-websocket-version"

    /// The field of this name; nil if it is none of them. The length leaves one or two to compare.
    init?(_ name: Range<Int>, in bytes: Span<UInt8>) {
        let initial = bytes[name.lowerBound].lowercased
        let field: KnownField
        switch name.count {
        case 4: field = .host
        case 6: field = initial == 0x65 /* e */ ? .expect : .origin
        case 7: field = .upgrade
        case 9: field = .forwarded
        case 10: field = .connection
        case 14: field = .contentLength
        case 15: field = .forwardedFor
        case 17: field = initial == 0x73 /* s */ ? .webSocketKey : .transferEncoding
        case 20: field = .webSocketAccept
        case 21: field = .webSocketVersion
        case 22: field = .webSocketProtocol
        case 24: field = .webSocketExtensions
        default: return nil
        }
        guard bytes.matches(name, ignoringCase: field.rawValue) else { return nil }
        self = field
    }
}
