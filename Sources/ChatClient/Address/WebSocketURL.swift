internal import FoundationEssentials
public import Reactor

/// The parts of a WebSocket URL (RFC 6455 §3).
public struct WebSocketURL: Equatable, Sendable {
    /// The reason why a text isn't such a URL: a sentence that quotes it.
    public struct Problem: Error, Equatable, Sendable {
        public let reason: String
    }

    /// The URL as it was given.
    public let text: String
    /// A name or an address, without brackets.
    public let host: String
    public let port: UInt16
    /// Whether the connection is made over TLS: `wss` instead of `ws`.
    public let isSecure: Bool
    /// The request's target: path and query.
    public let resource: String

    public init(_ text: String) throws(Problem) {
        guard let parts = URLComponents(string: text), let host = parts.host, !host.isEmpty,
            parts.fragment == nil
        else {
            throw Problem(reason: "\(text) is not a WebSocket URL: try ws://127.0.0.1:8080/ws")
        }
        switch parts.scheme?.lowercased() {
        case "ws": isSecure = false
        case "wss": isSecure = true
        default:
            throw Problem(reason: "\(text): it must begin with ws://, or with wss:// for TLS")
        }
        guard let port = UInt16(exactly: parts.port ?? Int(Self.port(isSecure))), port > 0 else {
            throw Problem(reason: "\(text): a port is a number from 1 to 65535")
        }
        self.text = text
        self.host = host.trimming { $0 == "[" || $0 == "]" }
        self.port = port
        let path = parts.percentEncodedPath
        resource =
            (path.isEmpty ? "/" : path) + (parts.percentEncodedQuery.map { "?" + $0 } ?? "")
    }

    /// The value of the `Host` field. The port is left out if it is the scheme's default.
    public var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == Self.port(isSecure) ? name : "\(name):\(port)"
    }

    /// The default port of a scheme.
    private static func port(_ isSecure: Bool) -> UInt16 { isSecure ? 443 : 80 }

    /// The host's addresses in the order to try them, loopback IPv4 first. A name must be resolved,
    /// which may take seconds.
    public func resolve() throws(SystemError) -> [SocketAddress] {
        let found = try Listener.resolve(host: host, port: port)
        let isPreferred = { (address: SocketAddress) in address.isLoopback && !address.isIPv6 }
        return found.filter(isPreferred) + found.filter { !isPreferred($0) }
    }
}

extension String {
    /// The text without such characters at its start and end.
    fileprivate func trimming(_ isSuperfluous: (Character) -> Bool) -> String {
        var rest = self[...].drop(while: isSuperfluous)
        while let last = rest.last, isSuperfluous(last) { rest.removeLast() }
        return String(rest)
    }
}
