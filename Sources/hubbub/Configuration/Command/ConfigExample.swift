internal import ArgumentParser
internal import Console

/// The command `hubbub config example`.
struct ConfigExample: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "example",
        abstract: "Print a configuration file with all settings, each commented out.")

    func run() throws {
        try StandardStream.output.write(ExampleText.text)
    }
}
