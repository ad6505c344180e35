/// The side of a connection on which an endpoint is.
public enum Role: Sendable {
    case client
    case server
}
