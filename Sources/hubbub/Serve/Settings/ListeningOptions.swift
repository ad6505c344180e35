internal import ArgumentParser
internal import ChatServer
internal import Glibc
internal import Reactor

/// Where to listen, and which clients to serve.
struct ListeningOptions: ParsableArguments {
    @Option(
        Setting(
            flag: "host", placeholder: "name", what: "Name or address to listen on",
            accepted: "a host name or an address", fallback: nil,
            fallbackText: "all addresses, IPv6 and IPv4", parse: { HostText($0).map { $0.name } },
            hint: HostText.hint
        ).example("127.0.0.1").fixed)
    var host: Given<String?>

    @Option(
        Setting(
            flag: "port", placeholder: "number", what: "TCP port to listen on",
            accepted: "1 to 65535, or 0 for any port that is free",
            fallback: 8080, fallbackText: "8080", parse: { UInt16($0) },
            hint: { text in
                // Kubernetes sets HUBBUB_PORT for a service of this name.
                text.hasPrefix("tcp://") && text.utf8.count > 6
                    ? "that is Kubernetes' variable for a service named hubbub: set "
                        + "enableServiceLinks to false, or use --port" : nil
            }
        ).fixed)
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
            fallback: [], fallbackText: "any",
            parse: { OriginText.list($0) }, hint: OriginText.hint
        ).example("https://example.org"))
    var allowOrigin: [Given<[String]>]

    @Option(
        repeatable: Setting(
            flag: "trusted-proxies", placeholder: "addresses",
            what: "Proxies whose word about the client's address, and about the host that it asked "
                + "for, is taken; repeat it, or separate by commas",
            accepted: "addresses or blocks of them such as 127.0.0.1 or 10.0.0.0/8",
            fallback: [], fallbackText: "none",
            parse: { ProxyText.list($0) }, hint: ProxyText.hint
        ).example("127.0.0.1"))
    var trustedProxies: [Given<[AddressBlock]>]

    @Option(
        Setting(
            flag: "forwarded-header", placeholder: "field",
            what: "Field in which trusted proxies say it",
            accepted: "x-forwarded-for, which goes with X-Forwarded-Host, or forwarded (RFC 7239)",
            fallback: .forwardedFor, fallbackText: "x-forwarded-for",
            parse: { TrustedProxies.Field(rawValue: $0.lowercased()) }))
    var forwardedHeader: Given<TrustedProxies.Field>
}

extension ListeningOptions: SwitchedOptions {
    func switchOption(_ property: String) -> SwitchOption? {
        property == "reusePort" ? SwitchOption(given: sharesPort) : nil
    }

    /// Whether the port is shared: the flag says so, the environment, or the file.
    var sharesPort: Given<Bool> {
        let setting = Setting(
            flag: "reuse-port", placeholder: "switch",
            what: "Share the port with other daemons that say so too; each has its own rooms, "
                + "and needs its own data directory",
            accepted: "on or off", fallback: false, fallbackText: "off",
            parse: { ["off": false, "on": true][$0] }
        ).fixed
        return reusePort
            ? Given(setting, commandLine: "on") : Given(withoutFlag: setting)
    }

    /// The listening sockets for everybody, and the addresses that they have: the inherited ones,
    /// if there are any. Those with the mark encrypt.
    func sockets(
        inherited: [InheritedSockets.Taken], _ settings: Settings, encryption: EncryptionOptions
    ) throws(Complaint) -> [(socket: Socket, address: SocketAddress)] {
        let isEncrypting = settings.encryption != nil
        if !isEncrypting, let https = inherited.first(where: \.purpose.isEncrypted) {
            throw Complaint(
                .usage,
                "LISTEN_FDNAMES: the socket \(https.address) is named "
                    + "\(https.purpose.rawValue); give a certificate with --tls-certificate, or "
                    + "name it \(https.purpose.isForOperators ? "admin" : "http")")
        }
        let ours = inherited.filter { !$0.purpose.isForOperators }
        guard ours.isEmpty else { return ours.map(\.listener) }
        return try listen(settings, encryption: encryption)
    }

    /// The same for operators alone. Empty if they are served with everybody. A port that others
    /// than this machine reach encrypts if there is a certificate.
    func operatorSockets(
        inherited: [InheritedSockets.Taken], _ settings: Settings, given: Given<ListenText?>
    ) throws(Complaint) -> [(socket: Socket, address: SocketAddress)] {
        let ours = inherited.filter(\.purpose.isForOperators)
        guard ours.isEmpty else { return ours.map(\.listener) }
        guard let place = settings.adminListen else { return [] }
        let isEncrypting = settings.encryption != nil
        return try Self.listen(at: place, settings, given: given).map { listener in
            let encrypts = isEncrypting && !listener.address.isLoopback
            return (encrypts ? listener.socket.secured : listener.socket, listener.address)
        }
    }

    private static func listen(
        at place: ListenText, _ settings: Settings, given: Given<ListenText?>
    ) throws(Complaint) -> [(socket: Socket, address: SocketAddress)] {
        do throws(SystemError) {
            return try Listener.listen(
                host: place.host, port: place.port, sendBuffer: Limits.sendBuffer,
                sharesPort: settings.sharesPort)
        } catch {
            throw given.complaint(
                "\(SystemError.text(error.errno)); give another address or port of this machine, "
                    + "or stop whoever uses it", .unavailable)
        }
    }

    /// The listening sockets, and the addresses that they got. Those with the mark encrypt.
    private func listen(
        _ settings: Settings, encryption: EncryptionOptions
    ) throws(Complaint) -> [(socket: Socket, address: SocketAddress)] {
        let sockets: [(socket: Socket, address: SocketAddress)]
        do throws(SystemError) {
            sockets = try Listener.listen(
                host: settings.host, port: settings.port, sendBuffer: Limits.sendBuffer,
                sharesPort: settings.sharesPort)
        } catch {
            throw complaint(error)
        }
        guard let encrypted = settings.encryption else { return sockets }
        guard let place = encrypted.listen else {
            return sockets.map { ($0.socket.secured, $0.address) }
        }
        return sockets
            + (try Self.listen(at: place, settings, given: encryption.listen))
            .map { ($0.socket.secured, $0.address) }
    }

    /// `[::]:8080`, `[::]:8443 with TLS`, or both with `and`.
    static func text(of sockets: [(socket: Socket, address: SocketAddress)]) -> String {
        func list(_ sockets: [(socket: Socket, address: SocketAddress)]) -> String {
            sockets.map { "\($0.address)" }.joined(separator: ", ")
        }
        let plain = list(sockets.filter { !$0.socket.isSecured })
        let encrypted = list(sockets.filter(\.socket.isSecured))
        if encrypted.isEmpty { return plain }
        return (plain.isEmpty ? "" : "\(plain) and ") + "\(encrypted) with TLS"
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
