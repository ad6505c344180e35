internal import ArgumentParser
internal import Console

/// The command `hubbub config check`.
struct ConfigCheck: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Find the faults of a configuration file.",
        discussion: """
            Prints one line for each fault: the file, the line, the column, the setting, and what \
            to do. The exit code is 78 if there is a fault. The environment's variables don't \
            count.
            """)

    @Argument(help: "The file.")
    var file: String

    func run() throws {
        var scope = ConfigurationScope()
        (scope.file, scope.faults) = ConfigurationFile(path: file).read()
        scope.readsEnvironment = false
        let settings = try ConfigurationScope.$current.withValue(scope) {
            try Settings(Serve.parse([]))
        }
        for sentence in settings.idle {
            try StandardStream.error.write(LogText.line(sentence) + "\n")
        }
        try StandardStream.output.write(LogText.line("\(file): no faults") + "\n")
    }
}
