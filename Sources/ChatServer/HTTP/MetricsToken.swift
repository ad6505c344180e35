internal import WebSocket

/// The secret that a request for metrics must have.
struct MetricsToken {
    private let secret: [UInt8]

    init(_ text: String) { secret = Array(text.utf8) }

    /// Whether a request has it, as its only credentials. The time to tell depends on the length of
    /// the secret alone.
    func isGiven(by head: RequestHead, in bytes: Span<UInt8>) -> Bool {
        let credentials = head.bearerCredentials(in: bytes)
        guard credentials.count == 1, let place = credentials.first else { return false }
        return matches(place, in: bytes)
    }

    func matches(_ place: Range<Int>, in bytes: Span<UInt8>) -> Bool {
        var difference: UInt8 = place.count == secret.count ? 0 : 1
        for offset in secret.indices {
            let given = offset < place.count ? bytes[place.lowerBound + offset] : 0
            difference |= given ^ secret[offset]
        }
        return difference == 0
    }
}
