extension ServerEvent {
    /// Lines before a number, oldest first, and whether there are older ones. Deleted lines are
    /// left out.
    public struct History: Equatable, Sendable, Decodable {
        public var id: String?
        public var room: String
        public var messages: [Message]
        public var more: Bool
        /// The number of the first line, deleted or not.
        public var first: UInt64?

        private enum CodingKeys: CodingKey {
            case id, room, messages, more
        }

        private enum Entry: Decodable {
            case line(Message)
            case tombstone(Tombstone)

            private enum CodingKeys: CodingKey {
                case type
            }

            var seq: UInt64 {
                switch self {
                case .line(let line): line.seq
                case .tombstone(let tombstone): tombstone.seq
                }
            }

            init(from decoder: any Decoder) throws {
                let fields = try decoder.container(keyedBy: CodingKeys.self)
                let type = try fields.decodeIfPresent(String.self, forKey: .type)
                self =
                    type == "deleted"
                    ? .tombstone(try Tombstone(from: decoder)) : .line(try Message(from: decoder))
            }
        }

        init(id: String?, room: String, messages: [Message], more: Bool) {
            (self.id, self.room, self.messages, self.more) = (id, room, messages, more)
            first = messages.first?.seq
        }

        public init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: CodingKeys.self)
            id = try fields.decodeIfPresent(String.self, forKey: .id)
            room = try fields.decode(String.self, forKey: .room)
            more = try fields.decode(Bool.self, forKey: .more)
            let entries = try fields.decode([Entry].self, forKey: .messages)
            first = entries.first?.seq
            messages = entries.compactMap { if case .line(let line) = $0 { line } else { nil } }
        }
    }
}
