internal import ArgumentParser

/// What this program starts itself with, for a run with several processes.
struct WorkerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker", abstract: "One process of a run.", shouldDisplay: false)

    @Argument(help: "The port that the conductor listens on.")
    var port: UInt16

    func run() throws {
        let environment = ProcessEnvironment.variables
        guard let secret = environment[Workers.secretVariable] else {
            throw Failure("worker is for hubbub-load itself: use --processes")
        }
        do throws(Failure) {
            try Worker.perform(port: port, secret: secret)
        } catch {
            // The conductor tells what it was.
            throw ExitCode(2)
        }
    }
}
