internal import FoundationEssentials

extension ServerEvent {
    /// The first event of a connection: the server and its limits. A limit of 0 is switched off.
    public struct Welcome: Equatable, Sendable, Decodable {
        public struct Limits: Equatable, Sendable, Decodable {
            public var messageBytes: Int
            public var textCharacters: Int
            public var usernameCharacters: Int
            public var rooms: Int
            public var linesPerSecond: Int
            public var lineBurst: Int

            private enum CodingKeys: String, CodingKey {
                case rooms
                case messageBytes = "message_bytes"
                case textCharacters = "text_characters"
                case usernameCharacters = "username_characters"
                case linesPerSecond = "lines_per_second"
                case lineBurst = "line_burst"
            }
        }

        /// Name and version.
        public var server: String
        /// Whether lines survive a restart of the server.
        public var durable: Bool
        public var limits: Limits
        /// Milliseconds of silence after which the server pings.
        public var pingInterval: UInt64

        private enum CodingKeys: String, CodingKey {
            case server, durable, limits
            case pingInterval = "ping_interval_ms"
        }
    }

    /// A room was entered. The missed or last lines follow, then live ones.
    public struct Joined: Equatable, Sendable, Decodable {
        public var id: String?
        public var room: String
        /// Opaque. The client sends it back to resume.
        public var epoch: String
        /// The room's last number.
        public var seq: UInt64
        public var members: Int
        /// Whether every line since `after` follows. Nil if there was no `after`.
        public var recovered: Bool?
        /// The room's last change. Nil on a server without changes.
        public var rev: UInt64?
        /// Nil if they are the defaults.
        public var settings: RoomSettings?
    }

    /// A line with its position in the order of its room.
    public struct Message: Equatable, Sendable, Decodable {
        public var room: String
        public var seq: UInt64
        /// In UTC, in the format of RFC 3339.
        public var time: String
        public var username: String
        public var message: String
        /// The id of the user that has said it. Nil for a guest.
        public var user: String?
        /// The user's role in the room, if it is shown. `system`: a line of the room itself.
        public var role: String?
    }

    /// A command of ours was accepted. A line has a number, or is held; a change has a `rev`.
    public struct Ack: Equatable, Sendable, Decodable {
        public var id: String
        public var room: String?
        public var seq: UInt64?
        public var time: String?
        public var rev: UInt64?
        /// Names a line that waits for a moderator.
        public var held: String?
        /// The number of connections that a ban of an address meets.
        public var connections: Int?
    }

    public struct Members: Equatable, Sendable, Decodable {
        public var id: String?
        public var room: String
        public var count: Int
        /// The number of the room's last presence event, 0 before the first.
        public var number: UInt64
        /// Nil in a room that is too large.
        public var usernames: [String]?
        /// Changes in ``usernames`` that the next presence event repeats.
        public var untold: Names?
    }

    /// Names of the members that came, and of those that went.
    public struct Names: Equatable, Sendable, Decodable {
        public var joined: [String]
        public var left: [String]

        public init(joined: [String], left: [String]) {
            (self.joined, self.left) = (joined, left)
        }
    }

    /// What has changed among the members since the event with the number before.
    public struct Presence: Equatable, Sendable, Decodable {
        public var room: String
        /// Connections in the room.
        public var count: Int
        /// Counts the room's presence events: 1, 2, 3 …
        public var number: UInt64
        /// Nil in a room that is too large.
        public var joined: [String]?
        public var left: [String]?
    }

    /// We were too slow: these lines won't arrive.
    public struct Gap: Hashable, Sendable, Decodable {
        public var room: String
        /// The first and the last missing number.
        public var from: UInt64
        public var to: UInt64
        /// The last change, if unknown ones of earlier lines are missing.
        public var rev: UInt64?

        /// The number of missing lines.
        public var missed: UInt64 { to - from + 1 }

        public init(room: String, from: UInt64, to: UInt64) {
            (self.room, self.from, self.to) = (room, from, to)
        }

        private enum CodingKeys: CodingKey {
            case room, from, to, rev
        }

        public init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            room = try container.decode(String.self, forKey: .room)
            from = try container.decode(UInt64.self, forKey: .from)
            to = try container.decode(UInt64.self, forKey: .to)
            rev = try container.decodeIfPresent(UInt64.self, forKey: .rev)
            guard 1 <= from, from <= to else {
                throw DecodingError.typeMismatch(
                    UInt64.self,
                    DecodingError.Context(
                        codingPath: [CodingKeys.to], debugDescription: "it is before \"from\""))
            }
        }
    }

    /// The numbers of the room's lines after `seq` have another meaning from now on: its store came
    /// back with less than was known. Lines after `seq` that we have seen are lost.
    public struct Epoch: Equatable, Sendable, Decodable {
        public var room: String
        /// Opaque, as in ``Joined``.
        public var epoch: String
        /// The last line whose number still means the same.
        public var seq: UInt64
    }

    public struct Left: Equatable, Sendable, Decodable {
        public var id: String?
        public var room: String
        /// Why, if we didn't want to.
        public var code: String?
        public var reason: String?
    }

    /// A command was refused.
    public struct Problem: Equatable, Sendable, Decodable {
        public var id: String?
        public var code: String
        /// A sentence for people.
        public var reason: String
        /// Milliseconds after which the same command may succeed.
        public var retryAfter: UInt64?
        /// Whether the command may have been performed. The same one with the same id tells.
        public var unknown: Bool?

        public init(
            id: String? = nil, code: String, reason: String, retryAfter: UInt64? = nil,
            unknown: Bool? = nil
        ) {
            (self.id, self.code, self.reason, self.retryAfter) = (id, code, reason, retryAfter)
            self.unknown = unknown
        }

        /// Milliseconds after which to try again without being asked. Other waits are a rule of the
        /// room, and whether to say something later is up to its author.
        var wait: UInt64? {
            ["rate_limited", "store_unavailable"].contains(code) ? retryAfter : nil
        }

        private enum CodingKeys: String, CodingKey {
            case id, code, reason, unknown
            case retryAfter = "retry_after_ms"
        }
    }

    /// The server is stopping.
    public struct Closing: Equatable, Sendable, Decodable {
        /// Milliseconds to wait before the next connection. Each client gets a different number.
        public var reconnectAfter: UInt64

        private enum CodingKeys: String, CodingKey {
            case reconnectAfter = "reconnect_after_ms"
        }
    }
}

extension ServerEvent.Message {
    /// Milliseconds from 1970 to the line's time. Nil if the time isn't valid.
    public var milliseconds: Int64? {
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        guard let date = try? style.parse(time) else { return nil }
        return Int64(exactly: (date.timeIntervalSince1970 * 1_000).rounded())
    }
}
