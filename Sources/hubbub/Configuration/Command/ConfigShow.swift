internal import ArgumentParser
internal import Console

/// The command `hubbub config show`.
struct ConfigShow: ParsableCommand, ConfiguredCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show the settings in force, and where each comes from.",
        discussion: """
            It takes the options of `hubbub serve`, and reads the file and the environment as \
            that does. The output is a configuration file that gives the same settings.
            """)

    @Flag(help: "Print JSON: a list of settings with their values and sources.")
    var json = false

    @OptionGroup var serve: Serve

    var config: Given<String?> { serve.config }

    func run() throws {
        _ = try Settings(serve)
        try EnvironmentNames.warn()
        let text = ConfigurationText(serve, file: ConfigurationScope.current.file)
        if json {
            try StandardStream.output.write(json: text.json())
        } else {
            try StandardStream.output.write(text.yaml)
        }
    }
}
