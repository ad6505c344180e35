internal import Chat
internal import WebSocket

/// Why a request of the API fails, as its sender gets it (RFC 9457).
struct Problem: Error, Equatable {
    static let contentType = "application/problem+json"

    let status: HTTPStatus
    /// The same code as on a socket, if there is one.
    let code: String
    /// One sentence for people.
    let reason: String
    /// Milliseconds after which the same request may succeed, if known.
    var retryAfter: UInt64?
    /// Whether the request may have been carried out.
    var isUnknown = false
    var others: [ResponseHead.Field] = []

    init(
        _ status: HTTPStatus, _ code: String, _ reason: String,
        others: [ResponseHead.Field] = []
    ) {
        (self.status, self.code, self.reason, self.others) = (status, code, reason, others)
    }

    init(_ refusal: Refusal) {
        self.init(Self.status(of: refusal.code), refusal.code.rawValue, refusal.reason)
        retryAfter = refusal.retryAfter
        isUnknown = refusal.isUnknown
        if status == .unauthorized { others = [WireRules.invalidToken] }
    }

    /// The request breaks HTTP or a limit.
    init(_ violation: RequestViolation) {
        let code =
            switch violation.status {
            case .requestTimeout: "request_timeout"
            case .contentTooLarge: "content_too_large"
            case .uriTooLong: "uri_too_long"
            case .requestHeaderFieldsTooLarge: "head_too_large"
            case .expectationFailed: "expectation_failed"
            case .notImplemented: "not_implemented"
            case .httpVersionNotSupported: "version_not_supported"
            default: "malformed"
            }
        self.init(violation.status, code, violation.reason)
    }

    static let nothing = Problem(.notFound, "not_found", "There is nothing at this path.")
    static let noToken = Problem(
        .unauthorized, "invalid_token", "Send a token with Authorization: Bearer.",
        others: [WireRules.anyToken])
    static let noMetricsToken = Problem(
        .unauthorized, "invalid_token",
        "Send the token of --metrics-token with Authorization: Bearer.",
        others: [WireRules.anyToken])
    static let notJSON = Problem(
        .unsupportedMediaType, "unsupported_media_type",
        "The content must be application/json, in UTF-8 and not compressed.")
    static let notUTF8 = Problem(.badRequest, "invalid_json", "The content isn't UTF-8.")
    static let illegalKey = Problem(
        .badRequest, "invalid_command",
        "Idempotency-Key must be given once at most, with 1 to \(Command.idLengthLimit) visible "
            + "characters of ASCII, without quotes in it.")
    static let stopping = Problem(
        .serviceUnavailable, "store_unavailable", "The server is stopping.",
        others: [WireRules.retryAfter])

    static func notAllowed(_ resource: APIResource) -> Problem {
        let allowed = resource.allowedMethods
        return Problem(
            .methodNotAllowed, "method_not_allowed", "This path takes \(allowed).",
            others: [ResponseHead.Field("Allow", allowed)])
    }

    /// The fields of the response. `Retry-After` is in seconds.
    var fields: [ResponseHead.Field] {
        guard let retryAfter else { return others }
        return others + [ResponseHead.Field("Retry-After", String((retryAfter + 999) / 1_000))]
    }

    /// The content of the response.
    var json: [UInt8] {
        var json: [UInt8] = []
        json += #"{"type":"about:blank","title":""#.utf8
        json += status.reasonPhrase.utf8
        json += #"","status":\#(status.rawValue),"code":"\#(code)","reason":""#.utf8
        EventWriter.appendEscaped(reason.utf8.span, to: &json)
        json += #"""#.utf8
        if let retryAfter { json += #","retry_after_ms":\#(retryAfter)"#.utf8 }
        if isUnknown { json += #","unknown":true"#.utf8 }
        json += "}".utf8
        return json
    }

    private static func status(of code: Refusal.Code) -> HTTPStatus {
        switch code {
        case .invalidJSON: .badRequest
        case .invalidCommand, .unknownType, .invalidUsername, .messageEmpty, .messageTooLong,
            .linksRefused, .termBlocked, .repeated, .checkRefused:
            .unprocessableContent
        case .invalidRoom, .notFound: .notFound
        case .invalidToken, .tokenExpired: .unauthorized
        case .forbidden, .membersOnly, .tooNew, .frozen, .timedOut, .banned: .forbidden
        case .idReused, .notJoined, .tooManyRooms, .undoExpired: .conflict
        case .rateLimited, .slowMode: .tooManyRequests
        case .storeUnavailable, .checkUnavailable: .serviceUnavailable
        }
    }
}
