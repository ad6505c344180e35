internal import ArgumentParser
internal import ChatServer
internal import Console
internal import Glibc
internal import Reactor

/// The command `hubbub`.
@main struct Hubbub: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hubbub", abstract: "Live chat for a crowd.",
        version: "hubbub \(Version.current)",
        subcommands: [Serve.self, ChatCommand.self, TokenCommand.self, Doctor.self])

    static func main() {
        SystemCalls.openStandardStreams()
        StandardStream.reportBrokenPipes()
        do {
            try perform(Arguments.all)
        } catch let complaint as Complaint {
            end(complaint)
        } catch let failure as WriteFailure {
            end(Complaint(failure))
        } catch let error as SystemError {
            end(Complaint(.system, "\(error)"))
        } catch let code as ExitCode {
            Glibc.exit(code.rawValue)
        } catch {
            end(Complaint(.usage, "\(message(for: error)) (see `hubbub --help`)"))
        }
    }

    private static func perform(_ given: [String]) throws {
        var arguments = given
        // The default command is `serve`, so the default help is its help.
        if arguments.first?.hasPrefix("-") ?? true { arguments.insert(Serve.name, at: 0) }
        try CommandName.check(arguments[0])
        do {
            var command = try parseAsRoot(arguments)
            try command.run()
        } catch  where exitCode(for: error).isSuccess && !(error is ExitCode) {
            // The help, or the version.
            try StandardStream.output.write(fullMessage(for: error) + "\n")
        }
    }

    private static func end(_ complaint: Complaint) -> Never {
        try? StandardStream.error.write("hubbub: \(LogText.line(complaint.text))\n")
        Glibc.exit(complaint.status.rawValue)
    }
}
