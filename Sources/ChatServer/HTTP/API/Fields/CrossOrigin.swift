internal import WebSocket

/// Fields that let pages of other origins use the API (Fetch standard, "CORS protocol").
enum CrossOrigin {
    /// The answer differs by `Origin`, for caches.
    static let varies = ResponseHead.Field("Vary", "Origin")

    /// The fields of an answer to a page of an allowed origin.
    static func fields(
        _ head: RequestHead, in bytes: Span<UInt8>, sendsCookies: Bool
    ) -> [ResponseHead.Field] {
        guard let place = head.origin else { return [] }
        let origin = String(decoding: place.map { bytes[$0] }, as: UTF8.self)
        let fields = [
            varies, ResponseHead.Field("Access-Control-Allow-Origin", origin),
            ResponseHead.Field(
                "Access-Control-Expose-Headers",
                "Allow, ETag, Link, RateLimit, RateLimit-Policy, Retry-After, WWW-Authenticate"),
        ]
        guard sendsCookies else { return fields }
        return fields + [ResponseHead.Field("Access-Control-Allow-Credentials", "true")]
    }

    /// The further fields of the answer to a question before a request.
    static func preflight(_ methods: String) -> [ResponseHead.Field] {
        [
            ResponseHead.Field("Access-Control-Allow-Methods", methods),
            ResponseHead.Field(
                "Access-Control-Allow-Headers",
                "Authorization, Content-Type, Idempotency-Key, If-None-Match, Last-Event-ID"),
            ResponseHead.Field("Access-Control-Max-Age", "7200"),
        ]
    }
}

extension RequestHead {
    /// Whether a page of this server asks. Browsers send no `Origin` if a page gets something from
    /// its own server, but tell that it is so (Fetch Metadata, "Sec-Fetch-Site").
    func isOfOwnPage(in bytes: Span<UInt8>) -> Bool {
        guard origin == nil else { return false }
        let sites = values(of: "sec-fetch-site:", in: bytes)
        return sites.count == 1 && bytes.matches(sites[0], exactly: "same-origin")
    }
}
