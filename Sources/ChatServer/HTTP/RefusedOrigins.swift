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
        let bytes = origin.indices.prefix(Self.longest).map { origin[$0] }
        let text = String(decoding: bytes, as: UTF8.self)
        log.warning(
            "A page was refused: its origin isn't in --allow-origin, and isn't this server's own",
            metadata: [
                "origin": "\(text)\(origin.count > Self.longest ? "…" : "")",
                "refused": "\(count)",
            ])
        count = 0
        next = now.advanced(byMilliseconds: Self.pause)
    }
}
