import TLS
import Testing

/// A client and a server in memory, and what is on its way between them.
final class TLSPair {
    var client: TLSSession
    var server: TLSSession
    var toServer: [UInt8] = []
    var toClient: [UInt8] = []
    /// Plaintext that has arrived.
    var atServer: [UInt8] = []
    var atClient: [UInt8] = []

    struct NoMemory: Error {}

    var clientState: TLSSession.State { client.state }
    var serverState: TLSSession.State { server.state }
    var isResumed: Bool { server.isResumed }
    var heldBytes: Int { server.heldBytes }
    var isInsideRecord: Bool { server.isInsideRecord }
    var hasMore: Bool { server.hasMore }
    /// The version, the cipher suite and the protocol of ALPN.
    var agreement: [String] {
        [server.version, server.cipher] + (server.hasAgreedOnHTTP ? ["http/1.1"] : [])
    }
    var resumption: TLSResumption? { client.resumption() }

    convenience init(
        _ serverContext: TLSServerContext, _ clientContext: TLSClientContext,
        host: String = "one.example", resuming: TLSResumption? = nil
    ) throws {
        try self.init(
            TLSSession(serverContext), clientContext, host: host, resuming: resuming)
    }

    init(
        _ server: consuming TLSSession?, _ clientContext: TLSClientContext,
        host: String = "one.example", resuming: TLSResumption? = nil
    ) throws {
        guard let client = TLSSession(clientContext, host: host, resuming: resuming),
            let server = consume server
        else { throw NoMemory() }
        self.client = client
        self.server = server
        self.client.begin(output: &toServer)
    }

    static func serverContext(
        tickets: TicketKeys? = nil
    ) throws -> TLSServerContext {
        let tickets = try #require(tickets ?? TicketKeys())
        let context = try #require(TLSServerContext(tickets: tickets))
        try context.add(Certificates.credentials(Certificates.one, Certificates.oneKey))
        try context.add(Certificates.credentials(Certificates.two, Certificates.twoKey))
        return context
    }

    static func clientContext(
        roots: String = Certificates.one + Certificates.two
    ) throws -> TLSClientContext {
        try #require(TLSClientContext(roots: Certificates.bytes(roots)))
    }

    /// Makes a pair that has shaken hands.
    static func established() throws -> TLSPair {
        let pair = try TLSPair(serverContext(), clientContext())
        pair.settle()
        #expect(pair.clientState == .established)
        #expect(pair.serverState == .established)
        return pair
    }

    /// The client sends plaintext.
    func say(_ text: [UInt8]) -> Bool { client.send(text.span, output: &toServer) }
    /// The server sends plaintext.
    func answer(_ text: [UInt8]) -> Bool { server.send(text.span, output: &toClient) }
    /// The client changes its keys.
    func changeClientKeys() -> Bool { client.updateKeys(output: &toServer) }
    /// The server changes its keys.
    func changeServerKeys() -> Bool { server.updateKeys(output: &toClient) }

    /// Gives an end ciphertext, and returns the plaintext.
    static func give(
        _ bytes: some Sequence<UInt8>, to session: inout TLSSession, buffer: Int,
        output: inout [UInt8]
    ) -> [UInt8] {
        var plaintext: [UInt8] = []
        var input = Array(bytes)
        repeat {
            var space = [UInt8](repeating: 0, count: buffer)
            var span = space.mutableSpan
            let count = session.receive(input.span, into: &span, output: &output)
            plaintext += space.prefix(count)
            input = []
        } while session.hasMore
        return plaintext
    }

    /// Moves everything in both directions, in pieces, until nothing is on its way.
    func settle(pieces: Int = .max, buffer: Int = 1_024) {
        while !toServer.isEmpty || !toClient.isEmpty {
            let up = toServer.prefix(pieces)
            toServer.removeFirst(up.count)
            atServer += Self.give(up, to: &server, buffer: buffer, output: &toClient)
            let down = toClient.prefix(pieces)
            toClient.removeFirst(down.count)
            atClient += Self.give(down, to: &client, buffer: buffer, output: &toServer)
        }
    }
}
