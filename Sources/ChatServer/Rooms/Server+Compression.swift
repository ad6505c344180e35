internal import WebSocket

/// permessage-deflate (RFC 7692) as a broadcast needs it: no message refers to another one, so that
/// one compression of a line serves all members, and one compressor and one decompressor all
/// connections.
extension Server where Net: ~Copyable {
    static var deflatePolicy: DeflatePolicy {
        DeflatePolicy(
            serverNoContextTakeover: true, clientNoContextTakeover: true,
            serverWindowBits: Limits.deflateWindowBits...Limits.deflateWindowBits)
    }

    static func makeDeflater() -> Deflater? {
        Deflater(windowBits: Limits.deflateWindowBits, keepsContext: false)
    }

    /// The message deflated (RFC 7692 section 7.2.1), where that pays.
    mutating func deflate(_ message: [UInt8]) -> [UInt8]? {
        guard let deflater, message.count >= Limits.deflateFrom else { return nil }
        scratch.removeAll(keepingCapacity: true)
        deflater.deflate(message.span, into: &scratch)
        return scratch.count < message.count ? scratch : nil
    }
}
