/// What kind of data a message carries (RFC 6455 §5.6).
public enum MessageKind: Equatable, Sendable {
    case text
    case binary
}
