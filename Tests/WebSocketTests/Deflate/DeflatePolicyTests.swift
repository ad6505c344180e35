import Testing
import WebSocket

/// The answer to these lines of `Sec-WebSocket-Extensions`. Nil for none.
func policyAnswer(
    _ lines: [String], policy: DeflatePolicy? = DeflatePolicy(), contextBytes: Int = .max
) throws -> String? {
    let fields = [
        "GET / HTTP/1.1", "Host: a.example", "Upgrade: websocket", "Connection: Upgrade",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13",
    ]
    let extensions = lines.map { "Sec-WebSocket-Extensions: \($0)" }
    let request = [UInt8]((fields + extensions).joined(separator: "\r\n") + "\r\n\r\n")
    let head = try #require(try parse(pieces: [request[...]]))
    let policy = HandshakePolicy(deflate: policy)
    let acceptance = try OpeningHandshake.negotiate(
        head, in: request.span, policy: policy, contextBytes: contextBytes)
    var response: [UInt8] = []
    acceptance.writeResponse(policy: policy, into: &response)
    let answers = String(decoding: response, as: UTF8.self).split(separator: "\r\n").filter {
        $0.hasPrefix("Sec-WebSocket-Extensions: ")
    }
    #expect(answers.count == (acceptance.deflate == nil ? 0 : 1))
    return answers.first.map { String($0.dropFirst("Sec-WebSocket-Extensions: ".count)) }
}

@Suite struct DeflatePolicyTests {
    @Test(arguments: [
        ("permessage-deflate", "permessage-deflate"),
        (
            "permessage-deflate; server_no_context_takeover",
            "permessage-deflate; server_no_context_takeover"
        ),
        (
            "permessage-deflate; client_no_context_takeover",
            "permessage-deflate; client_no_context_takeover"
        ),
        (
            "permessage-deflate; server_max_window_bits=8",
            "permessage-deflate; server_max_window_bits=8"
        ),
        (
            "permessage-deflate; server_max_window_bits=15",
            "permessage-deflate; server_max_window_bits=15"
        ),
        ("permessage-deflate; client_max_window_bits", "permessage-deflate"),
        ("permessage-deflate; client_max_window_bits=15", "permessage-deflate"),
        (
            "permessage-deflate; client_max_window_bits=8",
            "permessage-deflate; client_max_window_bits=8"
        ),
        (
            "permessage-deflate;client_max_window_bits=\"9\";server_max_window_bits=\"1\\0\" ;"
                + "\tclient_no_context_takeover ; server_no_context_takeover",
            "permessage-deflate; server_no_context_takeover; client_no_context_takeover; "
                + "server_max_window_bits=10; client_max_window_bits=9"
        ),
    ])
    func `a valid offer is accepted`(offer: String, answered: String) throws {
        #expect(try policyAnswer([offer]) == answered)
        #expect(
            try policyAnswer(["permessage-deflate; x, \(offer), permessage-deflate"]) == answered)
        #expect(try policyAnswer([offer], policy: nil) == nil)
    }

    /// Each is declined by itself, and the next offer is considered.
    @Test(arguments: [
        "permessage-deflate; x",
        "permessage-deflate; x=\"y\"",
        "permessage-deflate; Server_no_context_takeover",
        "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
        "permessage-deflate; client_no_context_takeover; client_no_context_takeover",
        "permessage-deflate; server_max_window_bits=9; server_max_window_bits=9",
        "permessage-deflate; client_max_window_bits; client_max_window_bits",
        "permessage-deflate; client_max_window_bits=9; client_max_window_bits",
        "permessage-deflate; client_max_window_bits; client_max_window_bits=9",
        "permessage-deflate; server_no_context_takeover=1",
        "permessage-deflate; client_no_context_takeover=\"true\"",
        "permessage-deflate; server_max_window_bits",
        "permessage-deflate; server_max_window_bits=7",
        "permessage-deflate; server_max_window_bits=16",
        "permessage-deflate; server_max_window_bits=0",
        "permessage-deflate; server_max_window_bits=08",
        "permessage-deflate; server_max_window_bits=010",
        "permessage-deflate; server_max_window_bits=+9",
        "permessage-deflate; server_max_window_bits=-9",
        "permessage-deflate; server_max_window_bits=9.0",
        "permessage-deflate; server_max_window_bits=1e1",
        "permessage-deflate; server_max_window_bits=100",
        "permessage-deflate; server_max_window_bits=99999999999999999999999",
        "permessage-deflate; client_max_window_bits=7",
        "permessage-deflate; client_max_window_bits=16",
        "permessage-deflate; client_max_window_bits=\"09\"",
        "permessage-deflate; client_max_window_bits=x",
        "Permessage-Deflate",
        "permessage-deflat",
        "permessage-deflate2",
        "x-webkit-deflate-frame",
        "permessage-bzip2; level=\"9\"",
    ])
    func `an invalid offer is declined`(offer: String) throws {
        #expect(try policyAnswer([offer]) == nil)
        #expect(try policyAnswer([offer], policy: nil) == nil)
        let good = "permessage-deflate; server_max_window_bits=11"
        #expect(try policyAnswer([offer, good]) == good)
        #expect(try policyAnswer(["\(offer), \(good), permessage-deflate"]) == good)
    }

    /// Extensions in several lines form one list (RFC 6455 §9.1). Of offers that need the same
    /// memory, the first acceptable one is taken.
    @Test func `the first acceptable offer wins`() throws {
        let offers = [
            "x, permessage-deflate; server_max_window_bits=7",
            "permessage-deflate; client_max_window_bits=10 , permessage-deflate", "y; z=1",
        ]
        #expect(try policyAnswer(offers) == "permessage-deflate; client_max_window_bits=10")
        #expect(try policyAnswer([",, ,permessage-deflate ,", ""]) == "permessage-deflate")
        #expect(try policyAnswer([]) == nil)
    }

    /// The server's parameters if one compressor serves all connections.
    @Test(arguments: [
        ("permessage-deflate", "; server_max_window_bits=12"),
        ("permessage-deflate; client_max_window_bits", "; server_max_window_bits=12"),
        (
            "permessage-deflate; client_max_window_bits=9",
            "; server_max_window_bits=12; client_max_window_bits=9"
        ),
        ("permessage-deflate; server_max_window_bits=15", "; server_max_window_bits=12"),
        ("permessage-deflate; server_max_window_bits=12", "; server_max_window_bits=12"),
        ("permessage-deflate; server_max_window_bits=11", nil),
        ("permessage-deflate; server_max_window_bits=8", nil),
        (
            "permessage-deflate; server_max_window_bits=11, permessage-deflate",
            "; server_max_window_bits=12"
        ),
    ])
    func `the server insists on its own parameters`(offer: String, answered: String?) throws {
        let policy = DeflatePolicy(serverNoContextTakeover: true, serverWindowBits: 12...12)
        let start = "permessage-deflate; server_no_context_takeover"
        #expect(try policyAnswer([offer], policy: policy) == answered.map { start + $0 })
    }

    /// A client is limited only if it has announced that it can be (RFC 7692 §7.1.2.2).
    @Test(arguments: [
        ("permessage-deflate", "permessage-deflate"),
        (
            "permessage-deflate; client_max_window_bits",
            "permessage-deflate; client_max_window_bits=10"
        ),
        (
            "permessage-deflate; client_max_window_bits=12",
            "permessage-deflate; client_max_window_bits=10"
        ),
        (
            "permessage-deflate; client_max_window_bits=9",
            "permessage-deflate; client_max_window_bits=9"
        ),
    ])
    func `a client is limited only if it offers it`(offer: String, answered: String) throws {
        let policy = DeflatePolicy(clientMaxWindowBits: 10)
        #expect(try policyAnswer([offer], policy: policy) == answered)
        // A client without context gets its offer back, and is asked for nothing.
        let promise = "; client_no_context_takeover"
        let echoed =
            "permessage-deflate" + promise
            + (offer.contains("=") ? offer.dropFirst("permessage-deflate".count) : "")
        #expect(try policyAnswer([offer + promise], policy: policy) == echoed)
    }
}
