internal import ArgumentParser
internal import Chat
internal import ChatServer

/// How many connections there may be, and what they may request before they chat.
struct ConnectionLimits: ParsableArguments {
    @Option(
        .count(
            "max-connections", \.connections, 1...ConnectionBudget.most, of: "connections",
            zero: "descriptors - \(Limits.reservedDescriptors)",
            "Connections at the same time"
        ).fixed)
    var connections: Given<LimitChange>

    @Option(
        .count(
            "max-connections-per-address", \.connectionsPerAddress, 1...ConnectionBudget.most,
            of: "connections", zero: "no limit", "Connections from one address at the same time"))
    var connectionsPerAddress: Given<LimitChange>

    @Option(
        .count(
            "handshakes-per-second-per-address", \.handshakesPerSecondPerAddress, 1...fastest,
            of: "handshakes/s", zero: "no limit", "Opening handshakes from one address"))
    var handshakesPerSecondPerAddress: Given<LimitChange>

    @Option(
        .bytes("max-head-bytes", \.headBytes, kibibyte...mebibyte, "Head of an HTTP request"))
    var headBytes: Given<LimitChange>

    @Option(
        .bytes("max-body-bytes", \.bodyBytes, kibibyte...16 * mebibyte, "Body of an HTTP request"))
    var bodyBytes: Given<LimitChange>
}
