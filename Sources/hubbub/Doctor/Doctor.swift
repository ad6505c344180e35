internal import ArgumentParser
internal import Console

/// The command `hubbub doctor`. It checks whether this machine can hold a number of connections,
/// and names what to change if not. It changes nothing.
struct Doctor: ParsableCommand {
    static let name = "doctor"

    static let configuration = CommandConfiguration(
        commandName: name, abstract: "Check what the kernel allows, and name the remedies.",
        discussion: """
            Exit codes: 0 everything is fit; 1 something isn't; 64 a wrong argument; 74 or 141 \
            the output can't be written.
            """)

    private static let defaultConnections = 100_000

    @Option(
        Setting(
            flag: "connections", placeholder: "count", what: "Connections to check for",
            accepted: "1 to \(ConnectionBudget.most)", fallback: defaultConnections,
            fallbackText: "\(defaultConnections)",
            parse: { Int($0).flatMap { 1...ConnectionBudget.most ~= $0 ? $0 : nil } }))
    var connections: Given<Int>

    @Option(
        Setting(
            flag: "processes", placeholder: "count",
            what: "Daemons that share them with --reuse-port", accepted: "1 to 1024",
            fallback: 1, fallbackText: "1",
            parse: { Int($0).flatMap { 1...1_024 ~= $0 ? $0 : nil } }))
    var processes: Given<Int>

    func run() throws {
        try EnvironmentNames.warn()
        let (connections, processes) = (try connections.value(), try processes.value())
        let checks = HostCheck.all(
            of: .present(), connections: connections, processes: processes)
        let headline =
            "Checked for \(connections) connections"
            + (processes > 1 ? " of \(processes) daemons:" : ":")
        try StandardStream.output.write(
            ([headline] + checks.map(\.text)).joined(separator: "\n") + "\n")
        guard checks.allSatisfy(\.isFit) else { throw ExitCode(1) }
    }
}
