internal import ArgumentParser
internal import Foundation

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
            found something, 2 if the run was not possible.
            """,
        subcommands: [
            ConnectCommand.self, IdleCommand.self, BroadcastCommand.self, FloodCommand.self,
            SlowCommand.self, StormCommand.self, RoomsCommand.self, SoakCommand.self,
            WorkerCommand.self,
        ],
        defaultSubcommand: BroadcastCommand.self)

    static func main() {
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch let failure as Failure {
            end(failure.description)
        } catch let code as ExitCode {
            exit(withError: code)
        } catch  where exitCode(for: error) == .success {
            exit(withError: error)
        } catch {
            end(message(for: error))
        }
    }

    private static func end(_ message: String) -> Never {
        complain(message)
        exit(withError: ExitCode(2))
    }

    /// Prints a message to the user on standard error.
    static func complain(_ message: String) {
        write("hubbub-load: \(message)", to: .standardError)
    }

    /// Writes at once; a reader that has gone away ends nothing.
    static func write(_ line: String, to file: FileHandle) {
        try? file.write(contentsOf: Data("\(line)\n".utf8))
    }
}
