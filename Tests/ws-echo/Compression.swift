internal import WebSocket

/// The negotiated permessage-deflate of one connection (RFC 7692). The compressor takes a few
/// hundred KiB, so it is made for the first message that is echoed.
final class Compression {
    let inflater: Inflater
    private let parameters: DeflateParameters
    private var deflater: Deflater?

    /// Nil if there is no memory for it.
    init?(_ parameters: DeflateParameters) {
        let opened = Inflater(
            windowBits: parameters.clientWindowBits,
            keepsContext: !parameters.clientNoContextTakeover)
        guard let opened else { return nil }
        inflater = opened
        self.parameters = parameters
    }

    /// The compressed message. Nil if there is no memory for that: it may then be sent
    /// uncompressed.
    func deflate(_ message: Span<UInt8>) -> [UInt8]? {
        if deflater == nil {
            deflater = Deflater(
                windowBits: parameters.serverWindowBits,
                keepsContext: !parameters.serverNoContextTakeover)
        }
        guard let deflater else { return nil }
        var payload: [UInt8] = []
        deflater.deflate(message, into: &payload)
        return payload
    }
}
