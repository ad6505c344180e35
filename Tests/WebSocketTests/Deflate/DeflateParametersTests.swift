import TestSupport
import Testing
import WebSocket

private let key = InlineArray<16, UInt8>(repeating: 7)

/// The client's agreement after this offer and this answer.
private func agreement(
    offer: DeflateParameters?, answers: [String]
) throws -> DeflateParameters? {
    var request: [UInt8] = []
    ClientHandshake.writeRequest(
        host: "a.example", target: "/", key: key, deflate: offer, into: &request)
    let head = try #require(try parse(pieces: [request[...]]))
    let acceptance = try OpeningHandshake.negotiate(
        head, in: request.span, policy: HandshakePolicy())
    var response: [UInt8] = []
    acceptance.writeResponse(policy: HandshakePolicy(), into: &response)
    response.removeLast(2)
    for answer in answers { response += [UInt8]("Sec-WebSocket-Extensions: \(answer)\r\n") }
    response += [UInt8]("\r\n")
    let result = try ClientHandshake.parseResponse(response.span, key: key, deflate: offer)
    return try #require(result).deflate
}

@Suite struct DeflateParametersTests {
    private static let full = DeflateParameters(
        serverNoContextTakeover: true, clientNoContextTakeover: true, serverMaxWindowBits: 12,
        clientMaxWindowBits: 11)

    @Test func `parameters are offered as text`() throws {
        var request: [UInt8] = []
        ClientHandshake.writeRequest(
            host: "a.example", target: "/", key: key, deflate: Self.full, into: &request)
        #expect(
            String(decoding: request, as: UTF8.self).hasSuffix(
                "\r\nSec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; "
                    + "client_no_context_takeover; server_max_window_bits=12; "
                    + "client_max_window_bits=11\r\n\r\n"))
    }

    @Test func `the largest windows are the default`() {
        let parameters = DeflateParameters()
        #expect(parameters.serverWindowBits == 15)
        #expect(parameters.clientWindowBits == 15)
        #expect(Self.full.serverWindowBits == 12)
        #expect(Self.full.clientWindowBits == 11)
    }

    /// RFC 7692 §7.1: the parameters of an offer bind the answer, except
    /// `client_no_context_takeover` and the value of `client_max_window_bits`, which are hints.
    @Test(arguments: [
        (DeflateParameters(), "permessage-deflate", DeflateParameters()),
        (
            DeflateParameters(),
            "permessage-deflate; server_no_context_takeover; client_no_context_takeover;"
                + "server_max_window_bits=\"9\"",
            DeflateParameters(
                serverNoContextTakeover: true, clientNoContextTakeover: true,
                serverMaxWindowBits: 9)
        ),
        (
            full,
            "permessage-deflate; server_no_context_takeover; server_max_window_bits=12",
            DeflateParameters(
                serverNoContextTakeover: true, serverMaxWindowBits: 12, clientMaxWindowBits: 11)
        ),
        (
            full,
            "permessage-deflate; server_no_context_takeover; server_max_window_bits=9;"
                + " client_max_window_bits=10",
            DeflateParameters(
                serverNoContextTakeover: true, serverMaxWindowBits: 9, clientMaxWindowBits: 10)
        ),
        (
            full,
            "permessage-deflate; server_no_context_takeover; server_max_window_bits=8;"
                + " client_max_window_bits=15",
            DeflateParameters(
                serverNoContextTakeover: true, serverMaxWindowBits: 8, clientMaxWindowBits: 11)
        ),
    ])
    func `a matching answer is agreed on`(
        offer: DeflateParameters, answer: String, agreed: DeflateParameters
    ) throws {
        #expect(try agreement(offer: offer, answers: [answer]) == agreed)
        #expect(try agreement(offer: offer, answers: []) == nil)
    }

    @Test(
        arguments: [
            (nil, ["permessage-deflate"]),
            (DeflateParameters(), ["x"]),
            (DeflateParameters(), ["permessage-deflate, x"]),
            (DeflateParameters(), ["permessage-deflate", "permessage-deflate"]),
            (DeflateParameters(), ["permessage-deflate; x"]),
            (DeflateParameters(), ["permessage-deflate; client_max_window_bits=15"]),
            (
                DeflateParameters(clientMaxWindowBits: 15),
                ["permessage-deflate; client_max_window_bits"]
            ),
            (DeflateParameters(), ["permessage-deflate; server_max_window_bits"]),
            (DeflateParameters(), ["permessage-deflate; server_max_window_bits=16"]),
            (DeflateParameters(), ["permessage-deflate; server_no_context_takeover=1"]),
            (DeflateParameters(), ["permessage-deflate;"]),
            (DeflateParameters(serverNoContextTakeover: true), ["permessage-deflate"]),
            (DeflateParameters(serverMaxWindowBits: 10), ["permessage-deflate"]),
            (
                DeflateParameters(serverMaxWindowBits: 10),
                ["permessage-deflate; server_max_window_bits=11"]
            ),
        ] as [(DeflateParameters?, [String])])
    func `an answer that doesn't match the offer is rejected`(
        offer: DeflateParameters?, answers: [String]
    ) {
        #expect(throws: ClientHandshakeFailure.self) {
            try agreement(offer: offer, answers: answers)
        }
    }

    /// Connects our two ends, and sends messages both ways with the agreed parameters.
    @Test(arguments: [
        DeflateParameters(), full, DeflateParameters(serverMaxWindowBits: 8),
        DeflateParameters(clientMaxWindowBits: 8), DeflateParameters(clientMaxWindowBits: 15),
        DeflateParameters(serverNoContextTakeover: true),
        DeflateParameters(clientNoContextTakeover: true),
    ])
    func `our client and our server understand each other`(offer: DeflateParameters) throws {
        var request: [UInt8] = []
        ClientHandshake.writeRequest(
            host: "a.example", target: "/", key: key, deflate: offer, into: &request)
        let head = try #require(try parse(pieces: [request[...]]))
        let policy = HandshakePolicy(deflate: DeflatePolicy())
        let accepted = try OpeningHandshake.negotiate(head, in: request.span, policy: policy)
        var response: [UInt8] = []
        accepted.writeResponse(policy: policy, into: &response)
        let result = try ClientHandshake.parseResponse(response.span, key: key, deflate: offer)
        let server = try #require(accepted.deflate)
        let client = try #require(result?.deflate)
        #expect(client.serverWindowBits == server.serverWindowBits)
        #expect(client.clientWindowBits <= server.clientWindowBits)
        #expect(client.serverNoContextTakeover == server.serverNoContextTakeover)
        #expect(client.clientNoContextTakeover == server.clientNoContextTakeover)

        let text = [UInt8](String(repeating: "Is this thing on? ", count: 60))
        let ways = [
            (
                Deflater(
                    windowBits: client.clientWindowBits,
                    keepsContext: !client.clientNoContextTakeover),
                Inflater(
                    windowBits: server.clientWindowBits,
                    keepsContext: !server.clientNoContextTakeover)
            ),
            (
                Deflater(
                    windowBits: server.serverWindowBits,
                    keepsContext: !server.serverNoContextTakeover),
                Inflater(
                    windowBits: client.serverWindowBits,
                    keepsContext: !client.serverNoContextTakeover)
            ),
        ]
        for (deflater, inflater) in ways {
            let deflater = try #require(deflater)
            var session = Session()
            for _ in 0..<3 {
                let bytes = frame(.text, deflater.compressed(text), rsv1: true)
                let outcome = session.receive([bytes[...]], inflater: inflater)
                #expect(outcome == Outcome(events: [.message(.text, text)]))
            }
        }
    }
}
