import TLS
import Testing

/// What a client is told about the reason why it can't trust a server.
@Suite struct TLSFailureTests {
    private func failure(_ pair: TLSPair) throws -> TLSFailure {
        pair.settle()
        guard case .failed(let failure) = pair.clientState else { throw GoesOn() }
        return failure
    }

    private struct GoesOn: Error {}

    @Test(arguments: ["other.example", "127.0.0.2"])
    func namesTheHostsOfACertificateForOthers(host: String) throws {
        let pair = try TLSPair(TLSPair.serverContext(), TLSPair.clientContext(), host: host)
        let names = ["one.example", "*.wild.example", "127.0.0.1", "::1"]
        #expect(try failure(pair).cause == .certificate(.otherHost(names)))
    }

    @Test func namesASelfSignedCertificate() throws {
        let client = try #require(TLSClientContext())
        let pair = try TLSPair(TLSPair.serverContext(), client)
        #expect(try failure(pair).cause == .certificate(.selfSigned))
    }

    @Test(arguments: ["HTTP/1.1 400 Bad Request\r\n\r\n", "220 mail.example\r\n", "\0\0\0\0\0\0"])
    func namesAPeerThatDoesNotSpeakTLS(answer: String) throws {
        let pair = try TLSPair(TLSPair.serverContext(), TLSPair.clientContext())
        pair.toServer = []
        pair.toClient = Array(answer.utf8)
        #expect(try failure(pair).cause == .notTLS)
    }

    /// The certificate isn't checked, so it isn't the reason.
    @Test func blamesNoCertificateThatIsNotChecked() throws {
        let client = try #require(TLSClientContext(verifies: false))
        let pair = try TLSPair(TLSPair.serverContext(), client, host: "nobody.example")
        pair.settle()
        #expect(pair.answer([1]))
        pair.toClient[7] ^= 1
        let failure = try failure(pair)
        #expect(failure.cause == .other)
        #expect(!failure.description.contains("certificate"))
    }
}
