import TLS
import Testing

/// What two ends agree on, or don't.
@Suite struct NegotiationTests {
    @Test(arguments: [
        ("one.example", true), ("ONE.example", true), ("a.wild.example", true),
        ("127.0.0.1", true), ("::1", true), ("two.example", false),
    ])
    func choosesTheCertificateByName(host: String, isFirst: Bool) throws {
        let pair = try TLSPair(
            TLSPair.serverContext(), TLSPair.clientContext(), host: host)
        pair.settle()
        #expect(pair.clientState == .established)
        let (one, two) = try (
            pair.client.met(Certificates.credentials(Certificates.one, Certificates.oneKey)),
            pair.client.met(Certificates.credentials(Certificates.two, Certificates.twoKey))
        )
        #expect(one == isFirst)
        #expect(two == !isFirst)
    }

    @Test(arguments: [
        "b.a.wild.example", "wild.example", "other.example", "127.0.0.2", "xone.example",
    ])
    func refusesAnotherHost(host: String) throws {
        let pair = try TLSPair(TLSPair.serverContext(), TLSPair.clientContext(), host: host)
        pair.settle()
        guard case .failed(let failure) = pair.clientState else {
            Issue.record("the client goes on")
            return
        }
        #expect(failure.description.contains("mismatch"))
        #expect(pair.serverState != .established)
    }

    @Test func refusesAnUnknownRoot() throws {
        let client = try #require(TLSClientContext())
        let pair = try TLSPair(TLSPair.serverContext(), client)
        pair.settle()
        guard case .failed(let failure) = pair.clientState else {
            Issue.record("the client goes on")
            return
        }
        #expect(failure.description.contains("self-signed"))
    }

    @Test func trustsAnybodyIfTold() throws {
        let client = try #require(TLSClientContext(verifies: false))
        let pair = try TLSPair(TLSPair.serverContext(), client, host: "nobody.example")
        pair.settle()
        #expect(pair.clientState == .established)
    }

    @Test func rejectsRootsThatAreNone() {
        #expect(TLSClientContext(roots: Certificates.bytes("nothing")) == nil)
    }

    // MARK: Tickets

    @Test func resumesWithATicket() throws {
        let (serverContext, clientContext) = (
            try TLSPair.serverContext(), try TLSPair.clientContext()
        )
        let first = try TLSPair(serverContext, clientContext)
        first.settle()
        let ticket = try #require(first.resumption)
        let second = try TLSPair(serverContext, clientContext, resuming: ticket)
        second.settle()
        #expect(second.isResumed)
        // Each session gets a ticket of its own.
        let next = try #require(second.resumption)
        let third = try TLSPair(serverContext, clientContext, resuming: next)
        third.settle()
        #expect(third.isResumed)
    }

    /// A connection that is cut ends without a word of TLS.
    @Test func resumesASessionThatWasCut() throws {
        let (serverContext, clientContext) = (
            try TLSPair.serverContext(), try TLSPair.clientContext()
        )
        var ticket: TLSResumption?
        for turn in 0..<3 {
            let pair = try TLSPair(serverContext, clientContext, resuming: ticket)
            pair.settle()
            #expect(pair.isResumed == (turn > 0))
            ticket = pair.resumption
        }
    }

    @Test(arguments: [(0, true), (1, true), (3, true), (4, false)])
    func acceptsTicketsOfOldKeys(rotations: Int, isGood: Bool) throws {
        let keys = try #require(TicketKeys())
        let clientContext = try TLSPair.clientContext()
        let first = try TLSPair(TLSPair.serverContext(tickets: keys), clientContext)
        first.settle()
        let ticket = try #require(first.resumption)
        for _ in 0..<rotations { #expect(keys.rotate()) }
        // Another context with the same keys, as after a reload.
        let second = try TLSPair(
            TLSPair.serverContext(tickets: keys), clientContext, resuming: ticket)
        second.settle()
        #expect(second.serverState == .established)
        #expect(second.isResumed == isGood)
    }

    @Test func knowsNoTicketOfOtherKeys() throws {
        let clientContext = try TLSPair.clientContext()
        let first = try TLSPair(TLSPair.serverContext(), clientContext)
        first.settle()
        let ticket = try #require(first.resumption)
        let second = try TLSPair(TLSPair.serverContext(), clientContext, resuming: ticket)
        second.settle()
        #expect(second.serverState == .established)
        #expect(!second.isResumed)
    }

    // MARK: Suites

    /// A client that offers one suite gets it, and texts, changes of keys and the end pass with it.
    @Test(arguments: [
        ("TLS_AES_128_GCM_SHA256", "TLSv1.3"), ("TLS_AES_256_GCM_SHA384", "TLSv1.3"),
        ("TLS_CHACHA20_POLY1305_SHA256", "TLSv1.3"),
        ("ECDHE-ECDSA-AES128-GCM-SHA256", "TLSv1.2"),
        ("ECDHE-ECDSA-CHACHA20-POLY1305", "TLSv1.2"),
    ])
    func speaksEachSuite(suite: String, version: String) throws {
        let client = try TLSPair.clientContext()
        #expect(client.offersOnly(suite))
        let pair = try TLSPair(TLSPair.serverContext(), client)
        pair.settle()
        #expect(pair.agreement == [version, suite, "http/1.1"])
        for size in [1, 100, 16_384, 40_000] {
            let text = (0..<size).map { UInt8(truncatingIfNeeded: $0) }
            #expect(pair.say(text))
            #expect(pair.answer(text))
            if version == "TLSv1.3" {
                #expect(pair.changeClientKeys())
                #expect(pair.changeServerKeys())
            }
            pair.settle(pieces: 1_001)
        }
        #expect(pair.atServer.count == 56_485)
        #expect(pair.atClient == pair.atServer)
        pair.server.finish(output: &pair.toClient)
        pair.settle()
        #expect(pair.clientState == .ended)
    }
}
