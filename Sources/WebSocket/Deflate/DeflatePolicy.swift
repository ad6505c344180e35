/// A server's rules for permessage-deflate (RFC 7692 §7.1). By default it accepts every valid
/// offer.
public struct DeflatePolicy: Equatable, Sendable {
    /// Whether each message is compressed by itself, even if the client doesn't ask for it.
    public var serverNoContextTakeover: Bool
    /// Sizes of windows that the server can compress with, from 8 to 15 bits. It takes the largest
    /// one that the client allows, and declines an offer that allows only smaller ones.
    public var serverWindowBits: ClosedRange<Int>
    /// The largest window, 8 to 15 bits, for a client that keeps its context and can be limited.
    public var clientMaxWindowBits: Int

    public init(
        serverNoContextTakeover: Bool = false, serverWindowBits: ClosedRange<Int> = 8...15,
        clientMaxWindowBits: Int = 15
    ) {
        let bits = ZlibStream.windowBits
        precondition(bits.contains(serverWindowBits) && bits.contains(clientMaxWindowBits))
        self.serverNoContextTakeover = serverNoContextTakeover
        self.serverWindowBits = serverWindowBits
        self.clientMaxWindowBits = clientMaxWindowBits
    }

    /// The answer to an offer. Nil if the offer is declined. `contextBytes` is the memory that is
    /// available for the client's context.
    ///
    /// A client keeps its context unless it offers not to: some clients ignore such a request, and
    /// others end the connection.
    func answer(to offer: DeflateParameters, contextBytes: Int) -> DeflateParameters? {
        let serverBits = min(offer.serverWindowBits, serverWindowBits.upperBound)
        guard serverBits >= serverWindowBits.lowerBound else { return nil }
        // Without context, a small window saves nothing.
        let clientBits =
            offer.clientNoContextTakeover
            ? offer.clientWindowBits : min(offer.clientWindowBits, clientMaxWindowBits)
        let most = ZlibStream.maximumWindowBits
        var answer = DeflateParameters(
            serverNoContextTakeover: serverNoContextTakeover || offer.serverNoContextTakeover,
            clientNoContextTakeover: offer.clientNoContextTakeover)
        // The server's window may be in the answer even if it isn't in the offer, and must be if it
        // is (§7.1.2.1). The client's must not be in the answer if it isn't in the offer
        // (§7.1.2.2).
        if offer.serverMaxWindowBits != nil || serverBits < most {
            answer.serverMaxWindowBits = serverBits
        }
        if offer.clientMaxWindowBits != nil, clientBits < most {
            answer.clientMaxWindowBits = clientBits
        }
        return answer.contextBytes <= contextBytes ? answer : nil
    }
}
