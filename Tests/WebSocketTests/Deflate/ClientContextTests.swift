import Testing
import WebSocket

/// The agreements about the context of a client's messages (RFC 7692 §7.1.1.2, §7.1.2.2).
@Suite struct ClientContextTests {
    /// A server that keeps contexts, and keeps them small if the client allows it.
    private static let policy = DeflatePolicy(
        serverNoContextTakeover: true, serverWindowBits: 15...15, clientMaxWindowBits: 10)
    private static let start = "permessage-deflate; server_no_context_takeover"

    /// Offers of existing clients, the answers, and the bits of the kept window.
    @Test(arguments: [
        // Firefox, Safari, Mojolicious; Netty without JZlib.
        ("permessage-deflate", "", 15),
        // Chromium, tornado, websockets, ws; Netty with JZlib.
        ("permessage-deflate; client_max_window_bits", "; client_max_window_bits=10", 10),
        // Netty's default handler offers older extensions after it.
        (
            "permessage-deflate;client_max_window_bits,deflate-frame,x-webkit-deflate-frame",
            "; client_max_window_bits=10", 10
        ),
        ("permessage-deflate;client_max_window_bits=15", "; client_max_window_bits=10", 10),
        ("permessage-deflate; client_max_window_bits=9", "; client_max_window_bits=9", 9),
        ("permessage-deflate; client_max_window_bits=8", "; client_max_window_bits=8", 8),
        ("permessage-deflate; server_no_context_takeover", "", 15),
        // gorilla, coder/websocket.
        (
            "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
            "; client_no_context_takeover", nil
        ),
        // Autobahn's test suite.
        (
            "permessage-deflate; client_no_context_takeover; client_max_window_bits",
            "; client_no_context_takeover", nil
        ),
        // The alternative that needs the least memory is taken, at any position.
        (
            "permessage-deflate, permessage-deflate; client_max_window_bits",
            "; client_max_window_bits=10", 10
        ),
        (
            "permessage-deflate; client_max_window_bits, "
                + "permessage-deflate; client_no_context_takeover",
            "; client_no_context_takeover", nil
        ),
        (
            "permessage-deflate; client_no_context_takeover; server_max_window_bits=10, "
                + "permessage-deflate", "", 15
        ),
    ])
    func `a client is asked only for what it offered`(
        offer: String, answered: String, windowBits: Int?
    ) throws {
        #expect(try policyAnswer([offer], policy: Self.policy) == Self.start + answered)
        let needed = windowBits.map(DeflateParameters.contextBytes) ?? 0
        #expect(
            try policyAnswer([offer], policy: Self.policy, contextBytes: needed)
                == Self.start + answered)
        let short = try policyAnswer([offer], policy: Self.policy, contextBytes: needed - 1)
        #expect(short == nil)
    }

    /// If the memory isn't enough for one alternative, it may be enough for another one.
    @Test func `the alternative that fits the memory is taken`() throws {
        let offers = ["permessage-deflate", "permessage-deflate; client_max_window_bits=9"]
        for contextBytes in [DeflateParameters.contextBytes(windowBits: 9), .max] {
            let answer = try policyAnswer(offers, policy: Self.policy, contextBytes: contextBytes)
            #expect(answer == Self.start + "; client_max_window_bits=9")
        }
    }

    @Test(arguments: 8...15) func `a window costs its size and a little`(windowBits: Int) {
        let keeping = DeflateParameters(clientMaxWindowBits: windowBits)
        #expect((0...400).contains(keeping.contextBytes - 1 << windowBits))
        let forgetting = DeflateParameters(
            clientNoContextTakeover: true, clientMaxWindowBits: windowBits)
        #expect(forgetting.contextBytes == 0)
    }
}
