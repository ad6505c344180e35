import Testing
import WebSocket

/// What is agreed on about the context of a client's messages (RFC 7692 §7.1.1.2, §7.1.2.2).
@Suite struct ClientContextTests {
    /// A server that keeps contexts, and keeps them small where the client lets it.
    private static let policy = DeflatePolicy(
        serverNoContextTakeover: true, serverWindowBits: 15...15, clientMaxWindowBits: 10)
    private static let start = "permessage-deflate; server_no_context_takeover"

    /// What clients in use offer, what they are answered, and bits of the window that is kept.
    @Test(arguments: [
        // Firefox, Safari, Mojolicious; Netty without JZlib.
        ("permessage-deflate", "", 15),
        // Chromium, tornado, websockets, ws; Netty with JZlib.
        ("permessage-deflate; client_max_window_bits", "; client_max_window_bits=10", 10),
        // Netty's stock handler names older extensions behind it.
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
        // The alternative that needs the least memory is taken, wherever it stands.
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
    func `nothing is asked of a client that it didn't offer`(
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

    /// Where the memory isn't there for one alternative, it may be for another one.
    @Test func `of alternatives the one for which there is memory is taken`() throws {
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
