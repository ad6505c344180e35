internal import ArgumentParser
internal import ChatClient
internal import Console
internal import Reactor

/// The command `hubbub health`. It asks a daemon how it is, for a container that has no other
/// program to ask with.
struct Health: ParsableCommand {
    static let name = "health"

    static let configuration = CommandConfiguration(
        commandName: name, abstract: "Ask a daemon whether it is well.",
        discussion: """
            Asks for /healthz, which says whether the daemon's loop runs. Give a URL that ends \
            with /readyz to ask whether the daemon takes new clients and can store lines. The \
            certificate of a daemon with TLS isn't checked.

            Exit codes: 0 it answers 200; 1 it answers something else, or not at all; 64 a wrong \
            argument.
            """)

    private static let timeoutUnit = Unit.seconds

    @Argument(
        help: ArgumentHelp(
            "What to ask (default: /healthz of this machine, on the port and with TLS as "
                + "HUBBUB_PORT and HUBBUB_TLS_CERTIFICATE set it for the daemon)",
            valueName: "url"))
    var url: String?

    @Option(
        Setting(
            flag: "timeout", placeholder: "seconds", what: "The time to wait for the answer",
            accepted: timeoutUnit.text(100...3_600_000), fallback: 3_000, fallbackText: "3s",
            parse: { timeoutUnit.parse($0).flatMap { 100...3_600_000 ~= $0 ? $0 : nil } },
            variablePrefix: "HUBBUB_HEALTH_"))
    var timeout: Given<Int>

    func run() throws {
        let target = try Self.target(url ?? Self.local(SystemCalls.environment))
        let name = Self.text(of: target)
        let patience = try timeout.value()
        let status: Int
        do throws(SystemError) {
            var probe = try StatusProbe(target, patience: UInt64(patience))
            status = try probe.run()
        } catch {
            return try Self.fail("\(name): \(error)")
        }
        guard status == 200 else { return try Self.fail("\(name): \(status)") }
        try StandardStream.output.write("\(name): 200\n")
    }

    private static func fail(_ text: String) throws {
        try? StandardStream.error.write("hubbub: \(LogText.line(text))\n")
        throw ExitCode(1)
    }

    /// The URL of the daemon that the same variables would start on this machine.
    static func local(_ environment: (String) -> String?) -> String {
        func isSet(_ name: String) -> Bool { !(environment(name) ?? "").isEmpty }
        let isSecure = isSet("HUBBUB_TLS_CERTIFICATE") && !isSet("HUBBUB_TLS_LISTEN")
        let port = environment("HUBBUB_PORT").flatMap { UInt16($0) } ?? 8_080
        return "\(isSecure ? "https" : "http")://127.0.0.1:\(port)"
    }

    /// The parts of a URL. Its path is `/healthz` if it has none.
    static func target(_ text: String) throws(Complaint) -> WebSocketURL {
        let complaint = Complaint(
            .usage,
            "\(text): give a URL that begins with http:// or https://, for example "
                + "http://127.0.0.1:8080/healthz")
        let scheme = text.prefix { $0 != ":" }.lowercased()
        guard let other = ["http": "ws", "https": "wss"][scheme] else { throw complaint }
        var rest = text.dropFirst(scheme.count)
        guard rest.hasPrefix("://"), rest.count > 3 else { throw complaint }
        if rest.hasSuffix("/") { rest.removeLast() }
        let hasPath = rest.dropFirst(3).contains("/")
        do throws(WebSocketURL.Problem) {
            return try WebSocketURL("\(other)\(rest)\(hasPath ? "" : "/healthz")")
        } catch {
            throw complaint
        }
    }

    /// The URL that was asked for.
    private static func text(of target: WebSocketURL) -> String {
        "\(target.isSecure ? "https" : "http")://\(target.authority)\(target.resource)"
    }
}
