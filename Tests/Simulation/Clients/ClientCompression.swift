internal import ChatServer
internal import TestSupport
package import WebSocket

/// A client's offer of permessage-deflate (RFC 7692), and whether the client keeps to it.
package struct ClientCompression: Sendable {
    package var offer: DeflateParameters
    /// It promises to keep no context, but keeps it.
    package var breaksPromise = false
    /// The number of texts of 1 000 that it compresses.
    package var share = 500

    package init(_ offer: DeflateParameters, breaksPromise: Bool = false) {
        self.offer = offer
        self.breaksPromise = breaksPromise
    }

    /// The offer of Chromium, tornado and Netty with JZlib.
    package static let limitable = ClientCompression(DeflateParameters(clientMaxWindowBits: 15))
    /// The offer of Firefox, Safari, Mojo and Netty without JZlib.
    package static let plain = ClientCompression(DeflateParameters())
    /// The offer of gorilla.
    package static let withoutContext = ClientCompression(
        DeflateParameters(serverNoContextTakeover: true, clientNoContextTakeover: true))

    /// The behaviour of one of many clients. Nil if it doesn't compress. Clients break promises
    /// only if the server has room for that.
    static func drawn(from random: inout SplitMix64, for limits: Limits) -> ClientCompression? {
        guard random.happens(300) else { return nil }
        let hasRoom = min(limits.compressionBudget, limits.bufferBudget / 2) >= 1 << 24
        return random.pick([
            limitable, plain, withoutContext,
            ClientCompression(withoutContext.offer, breaksPromise: hasRoom),
            ClientCompression(DeflateParameters(clientMaxWindowBits: 9)),
        ])
    }
}
