internal import ArgumentParser

/// The command `hubbub config`.
struct ConfigCommand: ParsableCommand {
    static let name = "config"

    static let configuration = CommandConfiguration(
        commandName: name, abstract: "Check, show and explain the configuration.",
        subcommands: [ConfigCheck.self, ConfigShow.self, ConfigExample.self])
}
