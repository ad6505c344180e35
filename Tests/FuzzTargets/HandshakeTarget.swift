internal import Foundation
internal import WebSocket

/// Our own client understands the server's answer to any request for a WebSocket, and it accepts
/// any answer in any pieces.
enum HandshakeTarget {
    static func run(_ input: FuzzInput) throws(BrokenPromise) {
        var input = input
        let isServer = input.byte().isMultiple(of: 2)
        let policy = HandshakePolicy(
            origins: input.pick([[], ["https://chat.example"]]),
            subprotocols: input.pick([[], ["hubbub.v1", "chat"]]),
            deflate: input.pick([nil, DeflatePolicy(), narrow]))
        var generator = input.generator()
        let bytes = input.rest
        if isServer {
            try asked(bytes, policy)
        } else {
            try answered(bytes, cutAt: generator.cuts(of: bytes.count), policy)
        }
    }

    /// A policy that declines some offers and limits others.
    private static let narrow = DeflatePolicy(
        serverNoContextTakeover: true, serverWindowBits: 10...12, clientMaxWindowBits: 11)

    /// The server's side.
    private static func asked(_ bytes: [UInt8], _ policy: HandshakePolicy) throws(BrokenPromise) {
        var progress = HeadProgress()
        let head = try? RequestHead.parse(bytes.span, progress: &progress, limits: HeadLimits())
        guard let head else { return }
        var response: [UInt8] = []
        let decision = decision(on: head, in: bytes, policy)
        switch decision {
        case .success(let acceptance):
            acceptance.writeResponse(policy: policy, into: &response)
            guard let key = sentKey(head, in: bytes) else {
                throw BrokenPromise("a key that isn't the code of 16 bytes was accepted")
            }
            let outcome = Outcome(
                of: response, cutAt: [response.count], key: key, policy.subprotocols)
            // If an offer can be limited, no limit means one of 15 bits (RFC 7692 §7.1.2.2).
            var deflate = acceptance.deflate
            if let bits = deflate?.clientWindowBits { deflate?.clientMaxWindowBits = bits }
            let expected = Outcome.accepted(response.count, acceptance.subprotocol, deflate)
            try expect(outcome == expected, "\(outcome), not \(expected)")
        case .failure(let refusal):
            ResponseHead(refusal.status, keepsAlive: false, fields: refusal.fields)
                .write(into: &response)
            let outcome = Outcome(of: response, cutAt: [response.count], key: zeroKey, [])
            let expected = Outcome.failed(.refused(refusal.status))
            try expect(outcome == expected, "\(outcome), not \(expected)")
        }
    }

    private static func decision(
        on head: RequestHead, in bytes: [UInt8], _ policy: HandshakePolicy
    ) -> Result<HandshakeAcceptance, HandshakeRefusal> {
        do throws(HandshakeRefusal) {
            return .success(
                try OpeningHandshake.negotiate(head, in: bytes.span, policy: policy))
        } catch {
            return .failure(error)
        }
    }

    /// The 16 bytes of the client's key, from an independent decoder.
    private static func sentKey(_ head: RequestHead, in bytes: [UInt8]) -> InlineArray<16, UInt8>? {
        guard let place = head.webSocketKey,
            let key = Data(base64Encoded: Data(bytes[place])), key.count == 16
        else { return nil }
        return InlineArray { key[$0] }
    }

    /// The client's side.
    private static func answered(
        _ bytes: [UInt8], cutAt ends: [Int], _ policy: HandshakePolicy
    ) throws(BrokenPromise) {
        let whole = Outcome(
            of: bytes, cutAt: [bytes.count], key: zeroKey, policy.subprotocols)
        let cut = Outcome(of: bytes, cutAt: ends, key: zeroKey, policy.subprotocols)
        try expect(cut == whole, "cut: \(cut), whole: \(whole)")
        if case .accepted(let length, _, _) = whole {
            try expect(length <= bytes.count, "a response of \(length) bytes")
        }
    }

    /// An offer that allows any valid answer.
    private static let offer = DeflateParameters(clientMaxWindowBits: 15)
    private static let zeroKey = InlineArray<16, UInt8>(repeating: 0)

    /// A client's result for a response.
    private enum Outcome: Equatable {
        /// The length of the response, the subprotocol, and the compression.
        case accepted(Int, Int?, DeflateParameters?)
        case incomplete
        case failed(ClientHandshakeFailure)

        init(
            of bytes: [UInt8], cutAt ends: [Int], key: InlineArray<16, UInt8>,
            _ subprotocols: [String]
        ) {
            self = .incomplete
            do throws(ClientHandshakeFailure) {
                for end in ends where self == .incomplete {
                    let accepted = try ClientHandshake.parseResponse(
                        bytes.span.extracting(..<end), key: key, subprotocols: subprotocols,
                        deflate: offer)
                    guard let accepted else { continue }
                    self = .accepted(accepted.length, accepted.subprotocol, accepted.deflate)
                }
            } catch {
                self = .failed(error)
            }
        }
    }
}
