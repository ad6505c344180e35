public import Chat
public import Logging
public import Reactor

/// The chat server on the kernel's network.
///
/// It does almost nothing, but it must be in this module: here the compiler sees all the code of
/// ``Server`` and specialises it for `LinuxNetwork`. A server that another module instantiates
/// would use witness tables for every field and call.
public enum Daemon {
    /// Serves until a termination signal has been handled. Returns how the server ended.
    public static func run(
        network: consuming LinuxNetwork, listeners: [Socket], limits: Limits, origins: [String],
        proxies: TrustedProxies, compression: Bool, store: (any Orderer)?, log: Logger
    ) throws(SystemError) -> Life {
        var server = try Server(
            network: network, listeners: listeners, limits: limits, origins: origins,
            proxies: proxies, compression: compression, store: store,
            firstEpoch: .random(in: 0 ... .max), log: log)
        try server.run()
        return server.life
    }
}
