internal import ArgumentParser

/// The command `hubbub reload`.
struct ReloadCommand: ParsableCommand, ConfiguredCommand {
    static let name = "reload"

    static let configuration = CommandConfiguration(
        commandName: name, abstract: "Let the running daemon read its settings again.",
        discussion: """
            The daemon reads its file and its certificates, and checks them. If all are right, \
            they take effect; the output names what has changed, and what needs a restart. \
            Otherwise nothing changes, the output names each fault, and the exit code is 78. \
            SIGHUP does the same, with the output in the log. The daemon is found by its data \
            directory.
            """)

    @Option(.configurationFile) var config: Given<String?>
    @Option(.dataDirectory) var data: Given<String?>

    func run() throws {
        try DaemonRequest.send(Self.name, in: DataDirectory.path(data))
    }
}
