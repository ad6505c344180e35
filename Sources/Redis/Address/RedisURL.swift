/// Where a Redis is, and as whom to enter it:
/// `redis://[user[:password]@]host[:port][/database]`, `unix:///path`,
/// `unix://user:password@/path[?db=database]` or `unix:path`. User and password are
/// percent-encoded (RFC 3986 §2.1). An empty user is the default one.
public struct RedisURL: Hashable, Sendable, CustomStringConvertible {
    /// The reason why a text isn't such a URL: a sentence that quotes it without its password.
    public struct Problem: Error, Equatable, Sendable {
        public let reason: String
    }

    public enum Place: Hashable, Sendable {
        /// A name or an address, without brackets.
        case host(String, port: UInt16)
        /// The path of a local socket.
        case local(String)
    }

    public static let standardPort: UInt16 = 6379

    public let place: Place
    /// Nil for the default user.
    public let user: String?
    public let password: String?
    /// The number of the database in which the keys are.
    public let database: Int
    /// The URL as it was given, with `***` for the password.
    public let description: String

    /// A text with `***` in the place of a password, whether it is a URL or not.
    public static func hidingPassword(in text: String) -> String { URLSecrets.hidden(in: text) }

    public init(_ text: String) throws(Problem) {
        description = URLSecrets.hidden(in: text)
        let form = try RedisURLForm(text, as: description)
        (user, password) = (form.user, form.password)
        (place, database) = (form.place, form.database)
    }
}
