internal import ArgumentParser
internal import ChatServer
internal import IdentityKeys

/// What only operators may reach, and where.
struct OperatorOptions: ParsableArguments {
    @Option(
        Setting(
            flag: "admin-listen", placeholder: "address",
            what: "Where to serve /metrics and the pages of administrators, which the other ports "
                + "don't have then; a port that isn't of this machine alone speaks TLS if there "
                + "is a certificate",
            accepted: "a port, or a host and a port such as 127.0.0.1:9090, [::1]:9090 or :9090",
            fallback: nil, fallbackText: "on the other ports",
            parse: { ListenText($0).map { .some($0) } }
        ).example("127.0.0.1:9090").fixed)
    var adminListen: Given<ListenText?>

    @Option(.metricsToken) var metricsToken: Given<String?>

    @Option(
        Setting(
            flag: "metrics-token-file", placeholder: "file",
            what: "File with the token that /metrics needs; its final newline doesn't count",
            accepted: "a file", fallback: nil, fallbackText: "none",
            parse: { $0.isEmpty ? nil : .some($0) }
        ).example("/etc/hubbub/metrics-token"))
    var metricsTokenFile: Given<String?>

    /// The token that `/metrics` needs. Nil if it needs none.
    func token() throws(Complaint) -> String? {
        let given = try metricsToken.value()
        guard let path = try metricsTokenFile.value() else { return given }
        guard given == nil else {
            throw metricsTokenFile.complaint("--metrics-token is there, too; leave out one")
        }
        let file = KeyFile(path: path, kind: .secret, given: metricsTokenFile.asGiven)
        do throws(KeyFileProblem) {
            var bytes = try file.content()
            if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
            guard let token = MetricsToken.accepted(String(decoding: bytes, as: UTF8.self)) else {
                throw KeyFileProblem("it must have \(MetricsToken.what)")
            }
            return token
        } catch {
            throw metricsTokenFile.complaint(error.reason)
        }
    }

    /// What a token looks like.
    enum MetricsToken {
        static let what = "16 to 512 visible characters of ASCII"

        static func accepted(_ text: String) -> String? {
            let isGood =
                16...512 ~= text.utf8.count && text.utf8.allSatisfy { 0x21...0x7E ~= $0 }
            return isGood ? text : nil
        }
    }
}

extension Setting<String?> {
    fileprivate static var metricsToken: Setting {
        var setting = Setting(
            flag: "metrics-token", placeholder: "token",
            what: "Token that /metrics needs, as Authorization: Bearer; other users of this "
                + "machine can read the flag, so use the variable or a file",
            accepted: OperatorOptions.MetricsToken.what, fallback: nil, fallbackText: "none",
            parse: { OperatorOptions.MetricsToken.accepted($0).map { .some($0) } })
        setting.mask = { _ in "…" }
        setting.example = "a-token-of-16-characters-or-more"
        return setting
    }
}
