internal import ArgumentParser
internal import Foundation

/// `hubbub-load`: its arguments, and its exit codes.
@main
struct HubbubLoad: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hubbub-load",
        abstract: "Loads a WebSocket chat server, and verifies what every connection receives.",
        discussion: """
            Opens connections to one room, sends lines at a steady rate, whatever the server does, \
            and checks that each connection gets each line once, unchanged, and all in one order. \
            The server must speak the plain format, {"username":"ann","message":"hi"}, and send \
            lines to everybody, their sender included.

            Latency counts from the moment when a line was due. Exit code: 0 clean, 1 if anything \
            was lost, doubled, out of order, changed or closed, 2 if the run was not possible.
            """)

    @Argument(help: "The server's URL, ws:// only.")
    var url = "ws://127.0.0.1:8080/ws"

    @Option(help: "Connections to open.")
    var connections = 100

    @Option(help: "Lines a second, of all senders together; 0: only connect and hold.")
    var rate = 20.0

    @Option(help: "Seconds to measure.")
    var duration = 10.0

    @Option(help: "Seconds before that, with lines that are verified but not timed.")
    var warmup = 1.0

    @Option(help: "Bytes of a line's text; each needs about 50 for its identity.")
    var payload = 64

    @Option(
        help: """
            Connections that send, in turn (default: so many that none sends more than 4 lines a \
            second, which hubbub's own limit of 5 allows).
            """)
    var senders: Int?

    @Flag(help: "End with the report as one line of JSON.")
    var json = false

    static func main() {
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch let failure as Failure {
            end(failure.description)
        } catch let code as ExitCode {
            exit(withError: code)
        } catch  where exitCode(for: error) == .success {
            exit(withError: error)
        } catch {
            end(message(for: error))
        }
    }

    private static func end(_ message: String) -> Never {
        complain(message)
        exit(withError: ExitCode(2))
    }

    private static func complain(_ message: String) {
        write("hubbub-load: \(message)", to: .standardError)
    }

    /// Writes at once; a reader that has gone away ends nothing.
    private static func write(_ line: String, to file: FileHandle) {
        try? file.write(contentsOf: Data("\(line)\n".utf8))
    }

    func validate() throws {
        try check("connections", connections, in: 1...1_000_000)
        try check("rate", rate, in: 0...1_000_000)
        try check("duration", duration, in: 0.1...604_800)
        try check("warmup", warmup, in: 0...3_600)
        try check("payload", payload, in: 1...1_048_576)
        try check("senders", senders ?? 1, in: 1...connections)
    }

    private func check<Value: Comparable>(
        _ name: String, _ value: Value, in range: ClosedRange<Value>
    ) throws {
        guard !range.contains(value) else { return }
        throw ValidationError(
            "--\(name) \(value) is out of range: \(range.lowerBound) to \(range.upperBound)")
    }

    func run() throws {
        let senders =
            senders ?? Schedule.politeSenders(rate: rate, connections: connections)
        let settings = Broadcast.Settings(
            target: try Target(url: url), connections: connections, senders: senders, rate: rate,
            duration: duration, warmup: warmup, payload: payload)
        Self.write(
            "hubbub-load \(url): \(connections) connections, \(rate) lines/s of \(payload) bytes, "
                + "\(warmup) s of warm-up and \(duration) s", to: .standardOutput)
        let ratePerSender = rate / Double(senders)
        if ratePerSender > Schedule.politeRate {
            Self.complain(
                "each sender sends \(Int(ratePerSender.rounded(.up))) lines a second; where the "
                    + "server limits that (hubbub: to 5), start it with --lines-per-second 0, or "
                    + "have more --senders among more --connections")
        }
        let report = try Broadcast(settings: settings).run()
        Self.write(report.text, to: .standardOutput)
        if json { Self.write(try report.json(), to: .standardOutput) }
        guard report.isClean else { throw ExitCode(1) }
    }
}
