public import Chat
public import Logging
public import Reactor

/// The chat server on the kernel's network.
///
/// It stands in this module, although it does next to nothing, because here the compiler sees
/// ``Server`` with all its code and makes one of it for `LinuxNetwork` alone; a server that
/// another module instantiates goes through witness tables for every field and call.
public enum Daemon {
    /// Serves until a termination signal has been obeyed. How that ended is the result.
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
