/// The reason why a command was refused, as its sender gets it. Only that command is refused; the
/// connection stays open.
public struct Refusal: Error, Equatable, Sendable {
    /// The protocol's error codes, as they are on the wire.
    public enum Code: String, Sendable, CaseIterable {
        case invalidJSON = "invalid_json"
        case invalidCommand = "invalid_command"
        case unknownType = "unknown_type"
        case invalidRoom = "invalid_room"
        case invalidUsername = "invalid_username"
        case messageEmpty = "message_empty"
        case messageTooLong = "message_too_long"
        case notJoined = "not_joined"
        case tooManyRooms = "too_many_rooms"
        case rateLimited = "rate_limited"
        case idReused = "id_reused"
        case storeUnavailable = "store_unavailable"
        case forbidden
        case invalidToken = "invalid_token"
        case tokenExpired = "token_expired"
        case notFound = "not_found"
        case slowMode = "slow_mode"
        case membersOnly = "members_only"
        case tooNew = "too_new"
        case repeated
        case linksRefused = "links_refused"
        case frozen
        case termBlocked = "term_blocked"
        case timedOut = "timed_out"
        case banned
        case undoExpired = "undo_expired"
        case checkRefused = "check_refused"
        case checkUnavailable = "check_unavailable"
    }

    public let code: Code
    /// One sentence for people: the problem, the limit, the remedy.
    public let reason: String
    /// Milliseconds after which the same command may succeed, if known.
    public let retryAfter: UInt64?
    /// Whether the command may have been carried out, or may yet be.
    public let isUnknown: Bool

    public init(
        _ code: Code, _ reason: String, retryAfter: UInt64? = nil, isUnknown: Bool = false
    ) {
        self.code = code
        self.reason = reason
        self.retryAfter = retryAfter
        self.isUnknown = isUnknown
    }

    /// Whether the refusal counts towards `ChatLimits.errorsPerMinute`. A client that is too fast
    /// already gets `rate_limited`, and a store that fails isn't the client's fault, so these two
    /// don't count.
    public var countsTowardsErrorLimit: Bool {
        switch code {
        case .rateLimited, .storeUnavailable, .slowMode, .membersOnly, .linksRefused, .frozen,
            .timedOut, .tooNew, .repeated, .termBlocked, .checkRefused, .checkUnavailable:
            false
        case .invalidJSON, .invalidCommand, .unknownType, .invalidRoom, .invalidUsername,
            .messageEmpty, .messageTooLong, .notJoined, .tooManyRooms, .idReused, .forbidden,
            .invalidToken, .tokenExpired, .notFound, .banned, .undoExpired:
            true
        }
    }
}

extension Refusal {
    static let usernameEmpty = Refusal(
        .invalidUsername, "The user name is empty: choose one with at least 1 visible character.")

    static func usernameTooLong(_ count: Int, limit: Int) -> Refusal {
        Refusal(
            .invalidUsername,
            "The user name has \(count) characters; at most \(limit) are allowed: shorten it.")
    }

    static func controlCharacter(_ scalar: Unicode.Scalar) -> Refusal {
        let hex = String(scalar.value, radix: 16, uppercase: true)
        let number = String(repeating: "0", count: 4 - hex.count) + hex
        return Refusal(
            .invalidUsername,
            "The user name has a control character, U+\(number): leave it out.")
    }

    static let messageEmpty = Refusal(
        .messageEmpty, "The message is blank: write at least 1 visible character.")

    static func messageTooLong(_ count: Int, limit: Int) -> Refusal {
        Refusal(
            .messageTooLong,
            "The message has \(count) characters; at most \(limit) are allowed: shorten it.")
    }

    /// The reason doesn't repeat the name, which may be anything of any length.
    public static let invalidRoom = Refusal(.invalidRoom, RoomName.rule)

    /// `retryAfter` is in milliseconds.
    public static func rateLimited(linesPerSecond: Int, retryAfter: UInt64) -> Refusal {
        Refusal(
            .rateLimited,
            "At most \(linesPerSecond) lines a second; try again in \(retryAfter) ms.",
            retryAfter: retryAfter)
    }

    /// Refuses a line from a member that has never given a user name.
    public static let usernameMissing = Refusal(
        .invalidUsername, "There is no user name yet: give one in join or in message.")

    /// Refuses a command that only members of `room` may give.
    public static func notJoined(_ room: RoomName) -> Refusal {
        Refusal(.notJoined, "You aren't in the room \"\(room.text)\": join it first.")
    }

    /// Refuses a join of more than `limit` rooms.
    public static func tooManyRooms(limit: Int) -> Refusal {
        Refusal(.tooManyRooms, "At most \(limit) rooms at a time are allowed: leave one first.")
    }

    /// Refuses a line whose `id` belongs to another line. See ``RecentSends``.
    public static let idReused = Refusal(
        .idReused,
        "The id was sent with another text within the last \(RecentSends.period / 60_000) minutes: "
            + "choose a new one.")

    /// Refuses a line that somebody outside doesn't want said.
    public static func checkRefused(_ reason: String) -> Refusal { Refusal(.checkRefused, reason) }

    /// Refuses a line that could not be checked.
    public static let checkUnavailable = Refusal(
        .checkUnavailable, "Lines can't be checked right now; try again in 2000 ms.",
        retryAfter: 2_000)

    /// Refuses a line that could not be stored. `retryAfter` is in milliseconds.
    public static func storeUnavailable(retryAfter: UInt64) -> Refusal {
        Refusal(
            .storeUnavailable, "Lines can't be stored right now; try again in \(retryAfter) ms.",
            retryAfter: retryAfter)
    }

    /// Answers a line that may be stored or not. `wait` is in milliseconds.
    public static func storeUncertain(after wait: UInt64) -> Refusal {
        Refusal(
            .storeUnavailable,
            "It isn't known whether the line is stored; send it again with the same id in "
                + "\(wait) ms.",
            retryAfter: wait, isUnknown: true)
    }
}
