/// A limit whose value isn't the default, for those that watch the server.
public struct ChangedLimit: Equatable, Sendable {
    /// The name of the setting: `max-rooms`.
    public let name: String
    /// The value in force, and the default, with their units.
    public let value: String
    public let standard: String

    public init(name: String, value: String, standard: String) {
        (self.name, self.value, self.standard) = (name, value, standard)
    }
}
