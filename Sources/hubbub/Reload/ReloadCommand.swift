internal import ArgumentParser
internal import Console
internal import Glibc
internal import Reactor

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
        let directory = try DataDirectory.path(data)
        let answer: (status: Int32, text: String)?
        do throws(SystemError) {
            answer = try ControlSocket.ask(Self.name, in: directory)
        } catch {
            throw Complaint(
                error.errno == EACCES ? .noPermission : .unavailable,
                "\(directory): no daemon can be reached there (\(SystemError.text(error.errno))); "
                    + "name its directory with --data, or send it SIGHUP")
        }
        guard let answer else {
            throw Complaint(.unavailable, "\(directory): the daemon gave no answer; see its log")
        }
        guard answer.status == 0 else {
            try StandardStream.error.write(answer.text)
            throw ExitCode(answer.status)
        }
        try StandardStream.output.write(answer.text)
    }
}
