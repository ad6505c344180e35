internal import ArgumentParser
internal import Console
internal import Foundation

/// The command `hubbub doctor`. It checks whether this machine can hold a number of connections and
/// is fit otherwise, and names what to change if not. It changes nothing.
struct Doctor: ParsableCommand, ConfiguredCommand {
    static let name = "doctor"

    static let configuration = CommandConfiguration(
        commandName: name,
        abstract: "Check the machine, the disk and the stored lines, and name the remedies.",
        discussion: """
            It looks at what the kernel allows for a number of connections, at the configuration, \
            at the clock, at the data directory with its disk and permissions, at the database, \
            at certificates, at what the HTTP API needs: files with secrets, and addresses, and \
            at the Redis servers of a cluster. It changes nothing. The daemon may run meanwhile.

            Each line begins with ok, with ?? for what somebody should know, or with FIX for \
            what must be done. The remedy is below.

            Examples:
              hubbub doctor --connections 150000 --processes 8
              sudo -u hubbub hubbub doctor --data /var/lib/hubbub
              sudo -u hubbub hubbub doctor --config /etc/hubbub/hubbub.yaml
              hubbub doctor --cluster redis://127.0.0.1:6379

            Exit codes: 0 nothing must be done; 1 something must; 64 a wrong argument; 74 or 141 \
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

    @OptionGroup var data: DataOptions

    var config: Given<String?> { data.config }

    @Option(.historyBytes)
    var historyBytes: Given<Int>

    @OptionGroup var certificates: CertificateOptions

    @OptionGroup var api: APIOptions

    @OptionGroup var cluster: ClusterOptions

    @Flag(help: "Print the checks as JSON.")
    var json = false

    func run() throws {
        try EnvironmentNames.warn()
        let (connections, processes) = (try connections.value(), try processes.value())
        var facts = HostFacts.present()
        facts.clock = .present()
        facts.configuration = try config.value().map { ConfigurationFacts.present($0) }
        facts.data = DataFacts.present(
            try data.likelyPath(), historyBytes: try historyBytes.value())
        facts.certificates = try certificates.present()
        facts.api = try api.present()
        facts.cluster = try cluster.present()
        let checks =
            HostCheck.all(of: facts, connections: connections, processes: processes)
            + HostCheck.others(of: facts)
        if json {
            try StandardStream.output.write(json: Self.json(checks))
        } else {
            let headline =
                "Checked for \(connections) connections"
                + (processes > 1 ? " of \(processes) daemons:" : ":")
            try StandardStream.output.write(
                line: ([headline] + checks.map(\.text)).joined(separator: "\n"))
        }
        guard checks.allSatisfy(\.isFit) else { throw ExitCode(1) }
    }

    private static func json(_ checks: [HostCheck]) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(checks), as: UTF8.self)
    }
}
