internal import ArgumentParser
internal import ChatServer
internal import Glibc
internal import Reactor

/// Where to listen, and to whom.
struct ListeningOptions: ParsableArguments {
    @Option(
        Setting(
            flag: "host", placeholder: "name", what: "Name or address to listen on",
            accepted: "a host name or an address without brackets", fallback: nil,
            fallbackText: "all addresses, IPv6 and IPv4", parse: { $0.isEmpty ? .none : .some($0) })
    )
    var host: Given<String?>

    @Option(
        Setting(
            flag: "port", placeholder: "number", what: "TCP port to listen on",
            accepted: "1 to 65535, or 0 for any port that is free",
            fallback: 8080, fallbackText: "8080", parse: { UInt16($0) }))
    var port: Given<UInt16>

    @Flag(
        help: """
            Share the port with other daemons that say so too; each has its own rooms, and needs \
            its own --data (default: off; HUBBUB_REUSE_PORT=on)
            """)
    var reusePort = false

    @Option(
        repeatable: Setting(
            flag: "allow-origin", placeholder: "origin",
            what: "Origin whose pages may connect; repeat it, or separate by commas",
            accepted: "an origin such as https://example.org or http://localhost:3000",
            fallback: [], fallbackText: "any", parse: Self.origins))
    var allowOrigin: [Given<[String]>]

    @Option(
        repeatable: Setting(
            flag: "trusted-proxies", placeholder: "addresses",
            what: "Proxies whose X-Forwarded-For or Forwarded names the client, for the limits "
                + "per address; repeat it, or separate by commas",
            accepted: "addresses or blocks of them such as 127.0.0.1 or 10.0.0.0/8",
            fallback: [], fallbackText: "none", parse: Self.blocks))
    var trustedProxies: [Given<[AddressBlock]>]

    private static func blocks(_ text: String) -> [AddressBlock]? {
        let blocks = list(text).map(AddressBlock.init)
        return blocks.isEmpty || blocks.contains(nil) ? nil : blocks.compactMap { $0 }
    }

    /// What stands between commas, without the spaces around it.
    private static func list(_ text: String) -> [String] {
        text.split(separator: ",").map { element in
            String(element.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }
    }

    /// Origins separated by commas. An origin is a scheme, a host and perhaps a port, nothing after
    /// it, all in ASCII (RFC 6454 §6.2), or `null`.
    private static func origins(_ text: String) -> [String]? {
        let origins = list(text)
        let areValid = origins.allSatisfy { origin in
            guard origin != "null" else { return true }
            guard origin.utf8.allSatisfy({ (0x21..<0x7F).contains($0) }) else { return false }
            let parts = origin.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            return parts.count == 2 && !parts[0].isEmpty && parts[1].hasPrefix("//")
                && parts[1].count > 2 && !parts[1].dropFirst(2).contains { "/?#@*".contains($0) }
        }
        return areValid && !origins.isEmpty ? origins : nil
    }
}

extension ListeningOptions {
    /// Whether the port is shared: the flag says so, or the environment.
    func sharesPort() throws(Complaint) -> Bool {
        if reusePort { return true }
        let variable = SystemCalls.environment("HUBBUB_REUSE_PORT") ?? ""
        guard let shares = ["": false, "off": false, "on": true][variable] else {
            throw Complaint(.usage, "HUBBUB_REUSE_PORT=\(variable): give on or off")
        }
        return shares
    }

    /// The listening sockets, and the addresses that they got.
    func listen(
        host: String?, port: UInt16, sharesPort: Bool
    ) throws(Complaint) -> [(socket: Socket, address: SocketAddress)] {
        do throws(SystemError) {
            return try Listener.listen(
                host: host, port: port, sendBuffer: Limits.sendBuffer, sharesPort: sharesPort)
        } catch {
            throw complaint(error)
        }
    }

    private func complaint(_ error: SystemError) -> Complaint {
        let reason = SystemError.text(error.errno)
        return switch error.errno {
        case EADDRNOTAVAIL where error.call == "getaddrinfo":
            host.complaint("no such host; give a name or an address of this machine", .noHost)
        case EADDRNOTAVAIL:
            host.complaint("\(reason); give an address of this machine", .unavailable)
        case EADDRINUSE:
            port.complaint(
                "\(reason); stop whoever uses it, or give another port, or 0 for any that is free",
                .unavailable)
        case EACCES, EPERM:
            port.complaint(
                "\(reason); give a port from 1024 on, or start with CAP_NET_BIND_SERVICE",
                .noPermission)
        default: Complaint(.system, "\(host.asGiven), \(port.asGiven): \(error)")
        }
    }
}
