/// Refusals of people that moderators have banned.
extension Refusal {
    static let noSuchBan = Refusal(.notFound, "There is no such ban: it is over, or never was.")

    static func banned(_ ban: BanEntry, at time: Timestamp) -> Refusal {
        let time = ban.end.map { " for \(span(until: $0, from: time))" } ?? ""
        return Refusal(.banned, "You are banned\(time)\(tail(ban.reason))")
    }

    /// The reason for those that a ban meets now.
    public static func banned(_ ban: Ban) -> Refusal {
        let time = ban.end.map { " for \(span(until: $0, from: ban.time))" } ?? ""
        return Refusal(.banned, "You are banned\(time)\(tail(ban.reason))")
    }

    static func timedOut(_ ban: BanEntry, at time: Timestamp) -> Refusal {
        let end = ban.end ?? time
        let left = UInt64(max(end.milliseconds - time.milliseconds, 0))
        return Refusal(
            .timedOut, "You are timed out for \(span(until: end, from: time))\(tail(ban.reason))",
            retryAfter: left)
    }

    private static func tail(_ reason: String) -> String { reason.isEmpty ? "." : ": \(reason)" }

    /// A time in words, not too short.
    private static func span(until end: Timestamp, from start: Timestamp) -> String {
        let seconds = max((end.milliseconds - start.milliseconds + 999) / 1_000, 1)
        for (unit, name) in [(86_400, "days"), (3_600, "hours"), (60, "minutes")]
        where seconds >= 2 * Int64(unit) {
            return "\((seconds + Int64(unit) - 1) / Int64(unit)) \(name)"
        }
        return "\(seconds) seconds"
    }
}
