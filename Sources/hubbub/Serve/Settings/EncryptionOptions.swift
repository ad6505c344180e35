internal import ArgumentParser
internal import Reactor

/// Whether to encrypt, and with which certificates.
struct EncryptionOptions: ParsableArguments {
    @Option(repeatable: .tlsCertificate) var certificate: [Given<[String]>]

    @Option(repeatable: .tlsKey) var key: [Given<[String]>]

    @Option(
        Setting(
            flag: "tls-listen", placeholder: "address",
            what: "Where to speak TLS, if --port stays without it",
            accepted: "a port, or a host and a port such as 127.0.0.1:8443, [::1]:8443 or :8443",
            fallback: nil, fallbackText: "--port speaks TLS if there is a certificate",
            parse: { ListenText($0).map { .some($0) } }
        ).example("8443").fixed)
    var listen: Given<ListenText?>

    @Option(
        Setting(
            flag: "hsts", placeholder: "seconds",
            what: "For how long browsers must use TLS for this host, once they have",
            accepted: "0 for not at all, to 63072000 (two years)", fallback: 0,
            fallbackText: "0",
            parse: { text in
                guard let time = Unit.seconds.parse(text), time.isMultiple(of: 1_000),
                    (0...63_072_000).contains(time / 1_000)
                else { return nil }
                return time / 1_000
            }))
    var hsts: Given<Int>
}

extension Setting<[String]> {
    static var tlsCertificate: Setting {
        Setting(
            flag: "tls-certificate", placeholder: "file",
            what: "Certificate with its chain, in PEM. With it the port speaks TLS. Repeat it for "
                + "several names, or separate by commas",
            accepted: "a file", fallback: [], fallbackText: "none",
            parse: { $0.commaList.isEmpty ? nil : $0.commaList }
        ).example("/etc/hubbub/fullchain.pem")
    }

    static var tlsKey: Setting {
        Setting(
            flag: "tls-key", placeholder: "file",
            what: "Private key of the certificate at the same place, in PEM, without a password",
            accepted: "a file", fallback: [], fallbackText: "it is in the certificate's file",
            parse: { $0.commaList.isEmpty ? nil : $0.commaList }
        ).example("/etc/hubbub/privkey.pem")
    }
}
