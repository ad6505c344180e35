internal import ArgumentParser
internal import Console
internal import Reactor

@main
struct WSEcho: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ws-echo",
        abstract: "Echoes every WebSocket message, for conformance suites.")

    @Option(help: "The TCP port to listen on. 0: any free port, which is printed.")
    var port: UInt16 = 9001

    @Option(help: "The name or address to listen on. (default: all addresses, IPv6 and IPv4)")
    var host: String?

    static func main() {
        main(Arguments.all)
    }

    func run() throws {
        let listening = try Listener.listen(host: host, port: port, sendBuffer: 0)
        var server = try EchoServer(
            network: try LinuxNetwork(), listeners: listening.map(\.socket),
            capacity: try EchoLimits.connections(descriptors: DescriptorLimit.raise()))
        let addresses = listening.map(\.address.description).joined(separator: ", ")
        // `print` would wait for a full buffer if a suite reads the output through a pipe.
        try StandardStream.output.write("listening on \(addresses)\n")
        try server.run()
    }
}
