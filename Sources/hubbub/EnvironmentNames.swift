internal import ArgumentParser
internal import Console
internal import Foundation

/// The environment variables with the prefix of our settings.
enum EnvironmentNames {
    private static let prefix = "HUBBUB_"
    /// The prefix of the load tester's variables.
    private static let foreign = "HUBBUB_LOAD_"

    /// Reports on standard error which variables set nothing.
    static func warn() throws {
        for problem in problems() {
            try? StandardStream.error.write("hubbub: \(LogText.line(problem))\n")
        }
    }

    /// The problems with the process's environment.
    static func problems() -> [String] {
        problems(among: ProcessInfo.processInfo.environment.keys)
    }

    /// One sentence for each variable with our prefix that sets nothing, sorted by name.
    static func problems(among names: some Collection<String>) -> [String] {
        let ours = names.filter { $0.hasPrefix(prefix) && !$0.hasPrefix(foreign) }.sorted()
        guard !ours.isEmpty else { return [] }
        let known = known
        return ours.filter { !known.contains($0) }.map { name in
            let nearest = Suggestion.nearest(to: name, in: known)
            return "\(name) is not a setting and is ignored"
                + (nearest.map { "; did you mean \($0)?" } ?? "; see `hubbub --help`")
        }
    }

    /// The variables in the helps of all commands.
    private static var known: [String] {
        let help =
            [Hubbub.helpMessage(for: Serve.self), Hubbub.helpMessage(for: ChatCommand.self)]
            + [Hubbub.helpMessage(for: TokenCommand.self)]
            + [Hubbub.helpMessage(for: Doctor.self), Hubbub.helpMessage(for: Health.self)]
            + [Hubbub.helpMessage(for: BackupCommand.self)]
            + [Hubbub.helpMessage(for: ExportCommand.self)]
            + [Hubbub.helpMessage(for: ImportCommand.self)]
        let words = help.joined(separator: "\n").split { !($0.isLetter || $0 == "_") }
        return Array(Set(words.filter { $0.hasPrefix(prefix) }.map(String.init))).sorted()
    }
}
