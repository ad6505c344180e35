internal import ChatServer
internal import TestSupport
package import WebSocket

/// What a client offers of permessage-deflate (RFC 7692), and whether it does what it has offered.
package struct ClientCompression: Sendable {
    package var offer: DeflateParameters
    /// It says that it keeps no context, and keeps it.
    package var breaksPromise = false
    /// How many texts of 1 000 it compresses.
    package var share = 500

    package init(_ offer: DeflateParameters, breaksPromise: Bool = false) {
        self.offer = offer
        self.breaksPromise = breaksPromise
    }

    /// As Chromium, tornado and Netty with JZlib offer it.
    package static let limitable = ClientCompression(DeflateParameters(clientMaxWindowBits: 15))
    /// As Firefox, Safari, Mojo and Netty without JZlib offer it.
    package static let plain = ClientCompression(DeflateParameters())
    /// As gorilla offers it.
    package static let withoutContext = ClientCompression(
        DeflateParameters(serverNoContextTakeover: true, clientNoContextTakeover: true))

    /// What one of many clients does; nil: it doesn't compress. Promises are broken only where the
    /// server has room for that.
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
