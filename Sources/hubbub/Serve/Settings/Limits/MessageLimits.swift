internal import ArgumentParser
internal import Chat
internal import ChatServer

/// Limits of one message, and of one client in the chat.
struct MessageLimits: ParsableArguments {
    @Option(
        .bytes(
            "max-message-bytes", \.messageBytes, 1...4 * mebibyte,
            "A frame, or a message assembled from fragments"))
    var messageBytes: Given<LimitChange>

    @Option(.textCharacters)
    var textCharacters: Given<LimitChange>

    @Option(.usernameCharacters)
    var usernameCharacters: Given<LimitChange>

    @Option(
        .count(
            "max-rooms", \.chat.rooms, 1...10_000, of: "rooms", zero: "no limit",
            "Rooms that a connection is in"))
    var rooms: Given<LimitChange>

    @Option(
        Setting(
            flag: "compression", placeholder: "switch",
            what: "Deflate longer messages for clients that can inflate them",
            accepted: "on or off", fallback: true, fallbackText: "on",
            parse: { ["on": true, "off": false][$0] }))
    var compression: Given<Bool>
}

extension Setting<LimitChange> {
    /// The length of a line's text.
    static var textCharacters: Setting {
        .count(
            "max-text-characters", \.chat.textCharacters, 1...4 * mebibyte, of: "characters",
            zero: "no limit", "Text of a line")
    }

    /// The length of a user name.
    static var usernameCharacters: Setting {
        .count(
            "max-username-characters", \.chat.usernameCharacters, 1...64 * kibibyte,
            of: "characters", zero: "no limit", "User name")
    }
}
