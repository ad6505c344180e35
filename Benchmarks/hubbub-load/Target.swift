internal import Foundation
internal import Reactor

/// The server to be loaded.
struct Target: Equatable, Encodable {
    let url: String
    let host: String
    let port: UInt16
    /// The request's target: path and query.
    let resource: String

    /// Addresses that connections to a loopback target come from, so that each has its own range of
    /// ports: about 28,000 by default (`net.ipv4.ip_local_port_range`).
    private static let sources = 250
    /// 127.1.0.1
    private static let firstSource: UInt32 = 0x7F01_0001

    /// The parts of a WebSocket URL (RFC 6455 §3).
    init(url: String) throws(Failure) {
        guard let parts = URLComponents(string: url), let host = parts.host, !host.isEmpty,
            parts.fragment == nil
        else { throw Failure("\(url) is no URL of a WebSocket: try ws://127.0.0.1:8080/ws") }
        guard parts.scheme?.lowercased() == "ws" else {
            throw Failure("\(url): only ws:// is spoken here, without TLS")
        }
        guard let port = UInt16(exactly: parts.port ?? 80), port > 0 else {
            throw Failure("\(url): a port is a number from 1 to 65535")
        }
        self.url = url
        self.host = host.trimmingCharacters(in: ["[", "]"])
        self.port = port
        let path = parts.percentEncodedPath
        resource =
            (path.isEmpty ? "/" : path) + (parts.percentEncodedQuery.map { "?" + $0 } ?? "")
    }

    /// The `Host` field: the port is left out where it is the scheme's own.
    var authority: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == 80 ? name : "\(name):\(port)"
    }

    /// The addresses of the host, to be tried in turn; loopback IPv4, which has many sources,
    /// first.
    func resolve() throws(Failure) -> [SocketAddress] {
        let found: [SocketAddress]
        do throws(SystemError) {
            found = try Listener.resolve(host: host, port: port)
        } catch {
            throw Failure("\(url): the host has no address")
        }
        let isPreferred = { (address: SocketAddress) in address.isLoopback && !address.isIPv6 }
        return found.filter(isPreferred) + found.filter { !isPreferred($0) }
    }

    /// Where connection `number` to `address` comes from; nil leaves it to the system.
    static func source(of number: Int, to address: SocketAddress) -> SocketAddress? {
        guard address.isLoopback, !address.isIPv6 else { return nil }
        return SocketAddress(ipv4: firstSource + UInt32(number % sources), port: 0)
    }
}
