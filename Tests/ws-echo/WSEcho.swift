internal import ArgumentParser
internal import Console
internal import Reactor
internal import TLS

@main
struct WSEcho: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ws-echo",
        abstract: "Echoes every WebSocket message, for conformance suites.")

    @Option(help: "The TCP port to listen on. 0: any free port, which is printed.")
    var port: UInt16 = 9001

    @Option(help: "The name or address to listen on. (default: all addresses, IPv6 and IPv4)")
    var host: String?

    @Option(help: "A certificate (PEM), to speak TLS.")
    var tlsCertificate: String?

    @Option(help: "Its key, if that is in another file.")
    var tlsKey: String?

    static func main() {
        main(Arguments.all)
    }

    func run() throws {
        let listening = try Listener.listen(host: host, port: port, sendBuffer: 0)
        var server = try EchoServer(
            network: try EchoNetwork.make(certificate: tlsCertificate, key: tlsKey),
            listeners: listening.map { tlsCertificate == nil ? $0.socket : $0.socket.secured },
            capacity: try EchoLimits.connections(descriptors: DescriptorLimit.raise()))
        let addresses = listening.map(\.address.description).joined(separator: ", ")
        // `print` would wait for a full buffer if a suite reads the output through a pipe.
        try StandardStream.output.write("listening on \(addresses)\n")
        try server.run()
    }
}
