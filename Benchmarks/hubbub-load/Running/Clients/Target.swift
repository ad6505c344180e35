internal import ChatClient
internal import Reactor

/// The server under load.
struct Target: Equatable {
    /// The number of source addresses for a loopback target. Each has its own range of ports: about
    /// 28,000 by default (`net.ipv4.ip_local_port_range`).
    private static let sources = 250
    /// 127.1.0.1
    private static let firstSource: UInt32 = 0x7F01_0001

    private let location: WebSocketURL

    init(url: String) throws(Failure) {
        do throws(WebSocketURL.Problem) {
            location = try WebSocketURL(WebSocketURL.completed(url))
        } catch {
            throw Failure(error.reason)
        }
    }

    var url: String { location.text }
    var host: String { location.host }
    var port: UInt16 { location.port }
    /// Whether it speaks TLS.
    var isSecure: Bool { location.isSecure }
    /// The request's target: path and query.
    var resource: String { location.resource }
    /// The request's target for another room.
    func resource(room: String) -> String {
        let parts = resource.split(separator: "?", maxSplits: 1)
        let others = parts.dropFirst().flatMap { $0.split(separator: "&") }
            .filter { !$0.hasPrefix("room=") }
        let query = ["room=\(room)"] + others.map(String.init)
        return "\(parts[0])?\(query.joined(separator: "&"))"
    }
    /// The room that the URL names, or else hubbub's default.
    var room: String {
        let query = resource.split(separator: "?", maxSplits: 1).dropFirst()
        let field = query.flatMap { $0.split(separator: "&") }.first { $0.hasPrefix("room=") }
        return field.map { String($0.dropFirst("room=".count)) } ?? "lobby"
    }
    /// The `Host` field.
    var authority: String { location.authority }

    /// The host's addresses in the order to try them: loopback IPv4, which has many sources, first.
    func resolve() throws(Failure) -> [SocketAddress] {
        do throws(SystemError) {
            return try location.resolve()
        } catch {
            throw Failure("\(url): the host has no address")
        }
    }

    /// The source of connection `number` to `address`. Nil leaves it to the system.
    static func source(of number: Int, to address: SocketAddress) -> SocketAddress? {
        guard address.isLoopback, !address.isIPv6 else { return nil }
        return SocketAddress(ipv4: firstSource + UInt32(number % sources), port: 0)
    }
}
