internal import Foundation

/// One JSON event from the server, read by an independent decoder.
package struct ChatEvent: Decodable, Hashable, Sendable {
    package let type: String
    package let id: String?
    package let room: String?
    package let seq: UInt64?
    package let time: String?
    package let username: String?
    package let message: String?
    package let code: String?
    package let reason: String?
    package let retryAfter: UInt64?
    /// Of an error: whether the line may have been stored.
    package let unknown: Bool?
    package let frame: UInt64?

    package let durable: Bool?
    package let epoch: String?
    /// In `joined`.
    package let memberCount: Int?
    package let recovered: Bool?
    /// In `members` and `presence`.
    package let count: Int?
    package let number: UInt64?
    package let usernames: [String]?
    package let joined: [String]?
    package let left: [String]?
    /// Of `members`.
    package let untold: Names?
    package let from: UInt64?
    package let through: UInt64?
    package let missed: UInt64?
    package let messages: [ChatEvent]?
    package let more: Bool?
    package let reconnectAfter: UInt64?
    /// In `welcome`, `authenticated` and `auth_expiring`.
    package let you: You?
    package let sub: String?
    package let name: String?
    package let role: String?
    /// Of a line.
    package let user: String?
    /// Of changes.
    package let rev: UInt64?
    private let numbers: Numbers?
    package let settings: Settings?
    package let timeLeft: UInt64?
    /// Of an `ack`.
    package let connections: Int?
    /// Of `bans`.
    package let bans: [Entry]?
    /// Of `terms`.
    package let terms: [TermEntry]?
    /// Of `modlog`.
    package let entries: [Entry]?
    /// Of a line that waits, or waited.
    package let held: String?
    package let why: String?
    /// Of `restored`: the change that was undone.
    package let of: UInt64?
    /// All of `server` and of `inspect`, of which only the type and the id are decoded.
    package var report: String?

    /// The numbers of lines, in runs or one by one.
    package var seqs: [UInt64]? { numbers?.seqs }

    /// Numbers of lines: each, or the first and the last of each run.
    private struct Numbers: Decodable, Hashable {
        let seqs: [UInt64]

        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            if let runs = try? value.decode([[UInt64]].self) {
                seqs = runs.flatMap { Array($0[0]...$0[1]) }
            } else {
                seqs = try value.decode([UInt64].self)
            }
        }
    }

    /// An entry of a list of changes.
    package struct Entry: Decodable, Hashable, Sendable {
        package let rev: UInt64
        package let action: String
        package let by: String
        package let time: String
        package let user: String?
        package let username: String?
        package let seconds: Int?
        package let reason: String?
        package let until: String?
        package let count: Int?
        package let undone: UInt64?
    }

    /// A term of a list.
    package struct TermEntry: Decodable, Hashable, Sendable {
        package let term: String
        package let action: String
    }

    /// Settings of a room.
    package struct Settings: Decodable, Hashable, Sendable {
        package let slowSeconds: Int
        package let membersOnly: Bool
        package let frozen: Bool
        package let unique: Bool
        package let knownMinutes: Int
        package let pinned: UInt64?
        package let panicking: Bool

        private enum CodingKeys: String, CodingKey {
            case slowSeconds = "slow_seconds"
            case membersOnly = "members_only"
            case knownMinutes = "known_minutes"
            case frozen, unique, pinned, panicking
        }
    }

    /// Who a client is.
    package struct You: Decodable, Hashable, Sendable {
        package let sub: String
        package let name: String?
        package let role: String
        package let timeLeft: UInt64

        private enum CodingKeys: String, CodingKey {
            case sub, name, role
            case timeLeft = "ttl_ms"
        }
    }

    /// Names of members that came and went.
    package struct Names: Decodable, Hashable, Sendable {
        let joined: [String]
        let left: [String]
    }

    private enum CodingKeys: String, CodingKey {
        case type, id, room, seq, time, username, message, code, reason, unknown
        case retryAfter = "retry_after_ms"
        case frame
        case durable, epoch
        case memberCount = "members"
        case recovered, count, number, usernames, joined, left, untold, from
        case through = "to"
        case missed, messages, more
        case reconnectAfter = "reconnect_after_ms"
        case you, sub, name, role, user, rev, settings
        case timeLeft = "ttl_ms"
        case connections, bans, terms, entries, of, held, why
        case numbers = "seqs"
    }
}

extension ChatEvent: CustomStringConvertible {
    /// The fields that are present.
    package var description: String {
        let fields: [(String, Any?)] = [
            ("id", id), ("room", room), ("epoch", epoch), ("seq", seq), ("rev", rev),
            ("from", from),
            ("to", through), ("missed", missed), ("members", memberCount), ("count", count),
            ("recovered", recovered), ("number", number), ("untold", untold),
            ("username", username), ("message", message?.prefix(40)), ("time", time),
            ("code", code), ("usernames", usernames), ("joined", joined),
            ("left", left), ("lines", messages?.count), ("more", more),
        ]
        let known = fields.compactMap { name, value in value.map { "\(name) \($0)" } }
        return "\(type)(\(known.joined(separator: ", ")))"
    }

    /// A time in the server's format, as milliseconds since 1970.
    static func milliseconds(_ time: String) -> Int64? {
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        guard let date = try? Date(time, strategy: style) else { return nil }
        return Int64((date.timeIntervalSince1970 * 1_000).rounded())
    }
}
