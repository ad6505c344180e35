/// What a server asks of permessage-deflate (RFC 7692 §7.1). As it comes, it accepts all that is
/// valid.
public struct DeflatePolicy: Equatable, Sendable {
    /// Compress each message by itself, whether the client asks for it or not.
    public var serverNoContextTakeover: Bool
    /// Windows that the server can compress with, in bits, of 8 to 15. It takes the largest that
    /// the client allows, and declines an offer that allows only smaller ones.
    public var serverWindowBits: ClosedRange<Int>
    /// The largest window, 8 to 15 bits, to which a client is limited that can be, and that keeps
    /// its context.
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

    /// The answer to an offer; nil: it is declined. `contextBytes` is the memory that there is for
    /// the client's context.
    ///
    /// A client that didn't say that it can do without context keeps it: some ignore what they are
    /// asked for, and others end the connection.
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
        // The server's window may be named without being asked for, and must be if it was
        // (§7.1.2.1); the client's must not be named if the client hasn't (§7.1.2.2).
        if offer.serverMaxWindowBits != nil || serverBits < most {
            answer.serverMaxWindowBits = serverBits
        }
        if offer.clientMaxWindowBits != nil, clientBits < most {
            answer.clientMaxWindowBits = clientBits
        }
        return answer.contextBytes <= contextBytes ? answer : nil
    }
}
