internal import ArgumentParser
internal import Chat
internal import ChatServer

/// How long the server waits for a client.
struct TimeLimits: ParsableArguments {
    @Option(
        .seconds("handshake-timeout", \.handshakeTimeout, "For a request's head to arrive"))
    var handshakeTimeout: Given<LimitChange>

    @Option(
        .seconds(
            "message-timeout", \.messageTimeout, "For the rest of a message to arrive"))
    var messageTimeout: Given<LimitChange>

    @Option(
        .seconds("keep-alive-timeout", \.keepAliveTimeout, "Between two requests of a connection"))
    var keepAliveTimeout: Given<LimitChange>

    @Option(
        .seconds("close-timeout", \.closeTimeout, "For the peer to end a connection after us"))
    var closeTimeout: Given<LimitChange>

    @Option(
        .seconds(
            "ping-interval", \.pingInterval, zero: "no pings",
            "Longest silence before a ping is sent"))
    var pingInterval: Given<LimitChange>

    @Option(
        .seconds("pong-timeout", \.pongTimeout, "Silence after a ping before the connection ends"))
    var pongTimeout: Given<LimitChange>

    @Option(
        .seconds(
            "slow-timeout", \.slowTimeout,
            "For a client to take some of what waits for it"))
    var slowTimeout: Given<LimitChange>

    @Option(
        .seconds(
            "debt-timeout", \.debtTimeout, zero: "never",
            "For a connection to stop asking for more than --cost-per-second"))
    var debtTimeout: Given<LimitChange>
}
