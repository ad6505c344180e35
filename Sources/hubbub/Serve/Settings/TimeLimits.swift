internal import ArgumentParser
internal import Chat
internal import ChatServer

/// How long the server waits for a client.
struct TimeLimits: ParsableArguments {
    @Option(
        .seconds("handshake-timeout", \.handshakeTimeout, "For a request's head to come in whole"))
    var handshakeTimeout: Given<LimitChange>

    @Option(
        .seconds(
            "message-timeout", \.messageTimeout, "For a message that has begun to come in whole"))
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
            "Silence until a ping is sent, at most"))
    var pingInterval: Given<LimitChange>

    @Option(
        .seconds("pong-timeout", \.pongTimeout, "Silence after a ping until the connection ends"))
    var pongTimeout: Given<LimitChange>

    @Option(
        .seconds(
            "slow-timeout", \.slowTimeout,
            "Until a client is closed that takes nothing of what waits for it"))
    var slowTimeout: Given<LimitChange>
}
