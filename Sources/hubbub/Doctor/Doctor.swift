internal import ArgumentParser

/// The command `hubbub doctor`: whether this machine can hold a number of connections, and if not,
/// what to change. It changes nothing.
struct Doctor: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Check what the kernel allows, and name the remedies.",
        discussion: """
            Exit codes: 0 everything is fit; 1 something isn't; 64 a wrong argument.
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
        let (connections, processes) = (try connections.value(), try processes.value())
        let checks = HostCheck.all(
            of: .present(), connections: connections, processes: processes)
        print(
            "Checked for \(connections) connections"
                + (processes > 1 ? " of \(processes) daemons:" : ":"))
        for check in checks { print(check.text) }
        guard checks.allSatisfy(\.isFit) else { throw ExitCode(1) }
    }
}
