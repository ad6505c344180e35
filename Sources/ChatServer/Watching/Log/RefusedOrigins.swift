internal import Logging
internal import Reactor

/// Logs pages that may not connect. It does so at most once a minute, because anybody can open such
/// a page.
struct RefusedOrigins {
    /// Milliseconds between two entries.
    private static let pause: UInt64 = 60_000
    /// The largest number of bytes of an origin in the log.
    private static let longest = 128

    private var next: Instant?
    private var count: UInt64 = 0

    /// An opening handshake was refused because of this origin.
    mutating func refused(_ origin: Span<UInt8>, at now: Instant, _ log: Logger) {
        count += 1
        if let next, now < next { return }
        log.warning(
            "A page was refused: its origin isn't in --allow-origin, and isn't this server's own",
            metadata: [
                "origin": "\(Self.text(of: origin) ?? "malformed")",
                "refused": "\(count)",
            ])
        count = 0
        next = now.advanced(byMilliseconds: Self.pause)
    }

    /// The origin, if it looks like one. Anybody can send any text in its place, and no text of
    /// users is logged.
    private static func text(of origin: Span<UInt8>) -> String? {
        guard 1...longest ~= origin.count else { return nil }
        let marks = Array(":/.-_[]".utf8)
        let bytes = origin.indices.map { origin[$0] }
        let isOrigin = bytes.allSatisfy { byte in
            let letter = byte | 0x20
            return UInt8(ascii: "a")...UInt8(ascii: "z") ~= letter
                || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || marks.contains(byte)
        }
        return isOrigin ? String(decoding: bytes, as: UTF8.self) : nil
    }
}
