internal import ArgumentParser
internal import Console
internal import Glibc
internal import Reactor

/// Asks the running daemon of a data directory for something, and prints its answer.
enum DaemonRequest {
    static func send(_ request: String, in directory: String) throws {
        let answer: (status: Int32, text: String)?
        do throws(SystemError) {
            answer = try ControlSocket.ask(request, in: directory)
        } catch {
            throw Complaint(
                error.errno == EACCES ? .noPermission : .unavailable,
                "\(directory): no daemon can be reached there (\(SystemError.text(error.errno))); "
                    + "name its directory with --data"
                    + (request == ReloadCommand.name ? ", or send it SIGHUP" : ""))
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
