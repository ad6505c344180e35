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
            with /readyz to ask whether the daemon takes new clients and can store lines.

            Exit codes: 0 it answers 200; 1 it answers something else, or not at all; 64 a wrong \
            argument.
            """)

    private static let timeoutUnit = Unit.seconds

    @Argument(
        help: ArgumentHelp(
            "What to ask (default: /healthz of this machine, on the port that HUBBUB_PORT "
                + "sets for the daemon, or 8080)", valueName: "url"))
    var url: String?

    @Option(
        Setting(
            flag: "timeout", placeholder: "seconds", what: "The time to wait for the answer",
            accepted: timeoutUnit.text(100...3_600_000), fallback: 3_000, fallbackText: "3s",
            parse: { timeoutUnit.parse($0).flatMap { 100...3_600_000 ~= $0 ? $0 : nil } },
            variablePrefix: "HUBBUB_HEALTH_"))
    var timeout: Given<Int>

    func run() throws {
        let target = try Self.target(url, port: SystemCalls.environment("HUBBUB_PORT"))
        let patience = try timeout.value()
        let status: Int
        do throws(SystemError) {
            var probe = try HealthProbe(target, patience: UInt64(patience))
            status = try probe.run()
        } catch {
            return try Self.fail("\(Self.text(of: target)): \(error)")
        }
        guard status == 200 else { return try Self.fail("\(Self.text(of: target)): \(status)") }
        try StandardStream.output.write("\(Self.text(of: target)): 200\n")
    }

    /// The URL that was asked for.
    private static func text(of target: WebSocketURL) -> String {
        "http://\(target.authority)\(target.resource)"
    }

    private static func fail(_ text: String) throws {
        try? StandardStream.error.write("hubbub: \(LogText.line(text))\n")
        throw ExitCode(1)
    }

    /// The parts of the URL. `port` is what the daemon's variable says.
    static func target(_ url: String?, port: String?) throws(Complaint) -> WebSocketURL {
        let port = port.flatMap { UInt16($0) } ?? 8_080
        let text = url ?? "http://127.0.0.1:\(port)/healthz"
        let scheme = "http://"
        guard text.lowercased().hasPrefix(scheme) else {
            throw Complaint(
                .usage,
                "\(text): give a URL that begins with http://, for example "
                    + "http://127.0.0.1:8080/healthz")
        }
        let rest = text.dropFirst(scheme.count)
        let isBare = !rest.dropLast(rest.hasSuffix("/") ? 1 : 0).contains("/")
        let path = isBare ? (rest.hasSuffix("/") ? "healthz" : "/healthz") : ""
        do throws(WebSocketURL.Problem) {
            return try WebSocketURL("ws://\(rest)\(path)")
        } catch {
            throw Complaint(.usage, "\(text) is not a URL: try http://127.0.0.1:8080/healthz")
        }
    }
}
