internal import ArgumentParser

/// The command with which this program starts itself for a run with several processes.
struct WorkerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "worker", abstract: "One process of a run.", shouldDisplay: false)

    @Argument(help: "The port that the conductor listens on.")
    var port: UInt16

    func run() throws {
        let environment = ProcessEnvironment.variables
        guard let secret = environment[Workers.secretVariable] else {
            throw Failure("worker is for internal use: use --processes")
        }
        do throws(Failure) {
            try Worker.perform(port: port, secret: secret)
        } catch {
            // The conductor reports the reason.
            throw ExitCode(2)
        }
    }
}
