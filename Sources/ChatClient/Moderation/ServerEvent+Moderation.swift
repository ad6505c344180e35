/// Events about changes of a room.
extension ServerEvent {
    /// A deleted line in its place in the order.
    public struct Tombstone: Equatable, Sendable, Decodable {
        public var room: String
        public var seq: UInt64
    }

    /// Lines that were deleted: with numbers `seqs`, or runs of them.
    public struct Removal: Equatable, Sendable, Decodable {
        public var room: String
        public var rev: UInt64
        /// The first and the last number of each run.
        public var runs: [ClosedRange<UInt64>]

        private enum CodingKeys: CodingKey {
            case room, rev, seqs
        }

        public init(room: String, rev: UInt64, runs: [ClosedRange<UInt64>]) {
            (self.room, self.rev, self.runs) = (room, rev, runs)
        }

        public init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: CodingKeys.self)
            room = try fields.decode(String.self, forKey: .room)
            rev = try fields.decode(UInt64.self, forKey: .rev)
            if let pairs = try? fields.decode([[UInt64]].self, forKey: .seqs) {
                runs = try pairs.map { pair in
                    guard let first = pair.first, let last = pair.last, first <= last else {
                        throw DecodingError.dataCorruptedError(
                            forKey: .seqs, in: fields, debugDescription: "it is no run")
                    }
                    return first...last
                }
            } else {
                runs = try fields.decode([UInt64].self, forKey: .seqs).map { $0...$0 }
            }
        }

        public var count: UInt64 {
            runs.reduce(0) { $0 &+ ($1.upperBound - $1.lowerBound) &+ 1 }
        }
    }

    /// Deleted lines are back.
    public struct Restored: Equatable, Sendable, Decodable {
        public var room: String
        public var rev: UInt64
        /// Nil if they are many: the history has them.
        public var messages: [Message]?
    }

    /// The room has these settings now.
    public struct RoomChanged: Equatable, Sendable, Decodable {
        public var room: String
        public var rev: UInt64
        public var settings: RoomSettings
    }

    /// A line waits for a moderator.
    public struct Held: Equatable, Sendable, Decodable {
        public var room: String
        /// Names the line.
        public var held: String
        public var username: String
        public var message: String
        public var why: String?
    }

    /// A moderator has decided about a held line. `seq` is its number, if it was released.
    public struct Decision: Equatable, Sendable, Decodable {
        public var held: String
        public var seq: UInt64?
    }

    /// What moderators did, as far as this version understands it.
    public struct ModerationLog: Equatable, Sendable, Decodable {
        public struct Entry: Equatable, Sendable, Decodable {
            public var rev: UInt64
            public var time: String?
            public var by: String?
            public var action: String?
            public var username: String?
            public var user: String?
            public var seconds: UInt64?
            public var count: UInt64?
            public var reason: String?
        }

        public var id: String?
        public var entries: [Entry]
    }
}
