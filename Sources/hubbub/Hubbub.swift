internal import ArgumentParser
internal import ChatServer
internal import Glibc
internal import Reactor

/// The command `hubbub`.
@main struct Hubbub: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hubbub", abstract: "Live chat for a crowd.",
        version: "hubbub \(Version.current)",
        subcommands: [Serve.self, ChatCommand.self, Doctor.self])

    static func main() {
        SystemCalls.openStandardStreams()
        var arguments = Array(CommandLine.arguments.dropFirst())
        // Without the name of a command it is `serve`; so the help is that of `serve` too.
        if arguments.first?.hasPrefix("-") ?? true { arguments.insert(Serve.name, at: 0) }
        do {
            var command = try parseAsRoot(arguments)
            try command.run()
        } catch let complaint as Complaint {
            end(complaint)
        } catch let error as SystemError {
            end(Complaint(.system, "\(error)"))
        } catch let code as ExitCode {
            Glibc.exit(code.rawValue)
        } catch {
            if exitCode(for: error).isSuccess { exit(withError: error) }
            end(Complaint(.usage, "\(message(for: error)) (see `hubbub --help`)"))
        }
    }

    private static func end(_ complaint: Complaint) -> Never {
        SystemCalls.writeToStandardError("hubbub: \(LogText.line(complaint.text))\n")
        Glibc.exit(complaint.status.rawValue)
    }
}
