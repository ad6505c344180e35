internal import WebSocket

/// The fields of every response, as they are sent: `Date`, `X-Content-Type-Options`, and
/// `Cache-Control` if the response doesn't state its own. They are made once a second.
struct StandingFields {
    private var second: Int64 = .min
    private var stating: [UInt8] = []
    private var notStating: [UInt8] = []

    /// The lines at a time in milliseconds since 1970, for a response that states how it may be
    /// cached, or doesn't.
    mutating func lines(at milliseconds: Int64, statesCaching: Bool) -> [UInt8] {
        let now = milliseconds / 1_000
        if now != second { make(at: now) }
        return statesCaching ? stating : notStating
    }

    private mutating func make(at now: Int64) {
        second = now
        let fields = [
            ResponseHead.Field("Date", HTTPDate.text(at: now)),
            ResponseHead.Field("X-Content-Type-Options", "nosniff"), Caching.never,
        ]
        notStating = []
        for field in fields { field.write(into: &notStating) }
        stating = []
        for field in fields.dropLast() { field.write(into: &stating) }
    }
}
