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
        subcommands: [
            Serve.self, ReloadCommand.self, ConfigCommand.self, ChatCommand.self,
            TokenCommand.self, RevokeCommand.self, Doctor.self, Health.self, BackupCommand.self,
            RestoreCommand.self,
            ExportCommand.self, ImportCommand.self,
        ])

    static func main() {
        SystemCalls.openStandardStreams()
        StandardStream.reportBrokenPipes()
        do {
            try perform(Arguments.all)
        } catch let complaint as Complaint {
            end(complaint)
        } catch let faults as FaultList {
            end(faults.lines, faults.status)
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
        if !Self.isAboutAll(arguments) {
            if arguments.first?.hasPrefix("-") ?? true { arguments.insert(Serve.name, at: 0) }
            try CommandName.check(arguments[0])
        }
        do {
            let command = try parseAsRoot(arguments)
            guard let configured = command as? any ConfiguredCommand else {
                var command = command
                return try command.run()
            }
            // The defaults of the options are known only with the file.
            try ConfigurationScope.$current.withValue(configured.scope()) {
                var command = try parseAsRoot(arguments)
                try command.run()
            }
        } catch  where exitCode(for: error).isSuccess && !(error is ExitCode) {
            // The help, or the version.
            try StandardStream.output.write(fullMessage(for: error) + "\n")
        }
    }

    /// Whether the arguments ask for something that concerns all commands: the script that
    /// completes them in a shell, or the text of the manual.
    private static func isAboutAll(_ arguments: [String]) -> Bool {
        let first = arguments.first ?? ""
        return first.hasPrefix("--generate-completion-script")
            || ["---completion", "--experimental-dump-help"].contains(first)
    }

    private static func end(_ complaint: Complaint) -> Never {
        end([complaint.line], complaint.status)
    }

    private static func end(_ lines: [String], _ status: Complaint.Status) -> Never {
        let start = LogForm.fallback.startOfComplaint
        try? StandardStream.error.write(lines.map { "\(start)\($0)\n" }.joined())
        Glibc.exit(status.rawValue)
    }
}
