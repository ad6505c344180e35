public import Chat
public import Logging
public import Reactor
public import TLS

/// The chat server on the kernel's network.
///
/// It does almost nothing, but it must be in this module: here the compiler sees all the code of
/// ``Server`` and specialises it for `LinuxNetwork`. A server that another module instantiates
/// would use witness tables for every field and call.
public enum Daemon {
    /// Serves until a termination signal has been handled. Returns how the server ended.
    ///
    /// - Parameters:
    ///   - forOperators: listeners that alone have `/metrics`. Without any, all of them have it.
    ///   - certificates: those of listeners whose sockets are ``Socket/secured``. Nil if there are
    ///     none.
    public static func run(
        network: consuming LinuxNetwork, listeners: [Socket], forOperators: [Socket] = [],
        settings: Settings,
        store: (any Orderer)? = nil, identity: IdentityRules = IdentityRules(),
        moderation: ModerationRules = ModerationRules(),
        certificates: ServerCertificates? = nil,
        supervision: Supervision = Supervision(), log: Logger
    ) throws(SystemError) -> Life {
        let pool = certificates.map { certificates in
            HandshakePool<TLSSession>(
                threads: min(max(Processors.count - 1, 1), Limits.handshakeThreads),
                make: { certificates.makeSession() },
                wake: { [waker = network.waker] in waker.wake() })
        }
        let secured = SecureNetwork(
            over: network, pool: pool, recordTimeout: settings.limits.messageTimeout,
            report: { certificates?.report() ?? SecurityReport() })
        var moderation = moderation
        moderation.firstConnection = .random(in: 0 ... .max)
        var server = try Server(
            network: secured, listeners: listeners, forOperators: forOperators,
            settings: settings, store: store,
            identity: identity, moderation: moderation, firstEpoch: .random(in: 0 ... .max),
            supervision: supervision, log: log)
        try server.run()
        return server.life
    }

    /// The same for a program that embeds the chat. It listens on every address of `host`, or on
    /// all addresses if that is nil, and accepts as many connections as `limits` and the process's
    /// descriptors allow. Make `network` before other threads start.
    ///
    /// - Parameter store: orders and stores the lines, and wakes `network`. If it is nil, lines are
    ///   only in memory.
    /// - Parameter identity: whether clients may have tokens, or must. Without it nobody has one.
    /// - Parameter moderation: how guests are recognised. Without it, they aren't after a restart.
    public static func run(
        network: consuming LinuxNetwork, host: String? = nil, port: UInt16,
        limits: Limits = Limits(), store: (any Orderer)? = nil,
        identity: IdentityRules = IdentityRules(),
        moderation: ModerationRules = ModerationRules.random,
        supervision: Supervision = Supervision(),
        log: Logger = Logger(label: "hubbub")
    ) throws(SystemError) -> Life {
        let listening = try Listener.listen(
            host: host, port: port, sendBuffer: Limits.sendBuffer)
        var limits = limits
        limits.connections = min(
            limits.connections, try DescriptorLimit.raise() - Limits.reservedDescriptors)
        return try run(
            network: network, listeners: listening.map(\.socket),
            settings: Settings(limits: limits), store: store, identity: identity,
            moderation: moderation, supervision: supervision, log: log)
    }
}
