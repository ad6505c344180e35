internal import WebSocket

/// The fields that tell a program how much of a rate is left, before it meets the limit
/// (draft-ietf-httpapi-ratelimit-headers, sections 3 and 4).
enum RateLimit {
    /// - Parameters:
    ///   - limit: lines that may be said at once.
    ///   - rate: lines a second in the long run.
    ///   - fullAfter: milliseconds until all of them may be said again.
    static func fields(
        limit: Int, each rate: Int, left: Int, fullAfter: UInt64
    ) -> [ResponseHead.Field] {
        let quota = max(limit, 1)
        let window = max((quota + rate - 1) / rate, 1)
        return [
            ResponseHead.Field("RateLimit-Policy", "\"lines\";q=\(quota);w=\(window)"),
            ResponseHead.Field(
                "RateLimit", "\"lines\";r=\(left);t=\((fullAfter + 999) / 1_000)"),
        ]
    }
}
