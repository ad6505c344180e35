internal import ArgumentParser
internal import Console

/// The command `hubbub-load` with its scenarios and exit codes.
@main
struct HubbubLoad: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hubbub-load",
        abstract: "Loads a WebSocket chat server, and verifies what every connection receives.",
        discussion: """
            Without a scenario it is broadcast. The server must speak the plain format, \
            {"username":"ann","message":"hi"}, and send lines to everybody, their sender included; \
            more fields do no harm. Each connection must get each line once, unchanged, and all \
            in one order; where the server says that it leaves a gap, that is no fault.

            Latency counts from the moment when a line was due. Exit code: 0 clean, 1 if a check \
            found something, 2 if the run was not possible or its report can't be written.
            """,
        subcommands: [
            ConnectCommand.self, IdleCommand.self, BroadcastCommand.self, FloodCommand.self,
            SlowCommand.self, StormCommand.self, RoomsCommand.self, SoakCommand.self,
            WorkerCommand.self,
        ],
        defaultSubcommand: BroadcastCommand.self)

    static func main() {
        StandardStream.reportBrokenPipes()
        do {
            try perform(Arguments.all)
        } catch let failure as Failure {
            end(failure.description)
        } catch let failure as WriteFailure {
            end(failure.description)
        } catch let code as ExitCode {
            exit(withError: code)
        } catch {
            end(message(for: error))
        }
    }

    private static func perform(_ arguments: [String]) throws {
        if let first = arguments.first { try checkScenario(first) }
        do {
            var command = try parseAsRoot(arguments)
            try command.run()
        } catch  where exitCode(for: error) == .success && !(error is ExitCode) {
            // The help.
            try StandardStream.output.write(fullMessage(for: error) + "\n")
        }
    }

    /// Throws for a word that is neither a scenario nor looks like an address.
    private static func checkScenario(_ word: String) throws(Failure) {
        let names = configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
        let isAddress = word == "localhost" || word.contains { ":./".contains($0) }
        guard !word.hasPrefix("-"), !names.contains(word), !isAddress else { return }
        let scenarios = Scenario.allCases.map(\.rawValue)
        let meant = Suggestion.nearest(to: word, in: scenarios).map { "; did you mean \($0)?" }
        throw Failure(
            "\(word): there is no such scenario"
                + (meant ?? "; give one of \(scenarios.joined(separator: ", ")), or a URL"))
    }

    private static func end(_ message: String) -> Never {
        complain(message)
        exit(withError: ExitCode(2))
    }

    /// Prints a message to the user on standard error.
    static func complain(_ message: String) {
        try? StandardStream.error.write(line: "hubbub-load: \(message)")
    }
}
