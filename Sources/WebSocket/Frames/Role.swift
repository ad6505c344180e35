/// The endpoint's side of the connection.
public enum Role: Sendable {
    case client
    case server
}
