internal import ArgumentParser
internal import Console
internal import Reactor

@main
struct WSEcho: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ws-echo",
        abstract: "Sends every WebSocket message back: what conformance suites run against.")

    @Option(help: "The TCP port to listen on; 0: any, which is printed.")
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
        // Not `print`, which waits for a full buffer where a suite reads our output from a pipe.
        try StandardStream.output.write("listening on \(addresses)\n")
        try server.run()
    }
}
