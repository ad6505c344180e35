internal import Chat
internal import Redis

/// Reads what Redis replies to commands.
enum ReplyCode {
    static func reply(
        to command: ShardCommand, _ value: RedisValue
    ) throws(ShardFault) -> ShardReply {
        if case .error(let text) = value {
            // Redis doesn't keep scripts over a restart, and forgets them if it is told to.
            if text.hasPrefix("NOSCRIPT") { throw ShardFault(reason: "Redis has lost its scripts") }
            switch command {
            case .append: return .appended(.refused(reason: reason(text)))
            case .changes(.make): return .changes(.made(.refused(reason: reason(text))))
            case .changes(.release): return .changes(.released(.refused(reason: reason(text))))
            case .enter, .beat, .begin, .raise, .open, .read, .catchUp, .trim, .changes,
                .presence:
                return .failed(reason: reason(text))
            }
        }
        guard let reply = read(value, for: command) else {
            throw ShardFault(reason: "Redis has replied something unknown")
        }
        return reply
    }

    /// The error without the place in the script.
    private static func reason(_ text: String) -> String {
        text.firstRange(of: " script: ").map { String(text[..<$0.lowerBound]) } ?? text
    }

    private static func read(_ value: RedisValue, for command: ShardCommand) -> ShardReply? {
        switch command {
        case .enter:
            if case .integer(let left) = value { return taken(for: left) }
            return state(value).map { .entered($0) }
        case .beat(_, let rooms):
            if case .integer(let left) = value { return taken(for: left) }
            guard let parts = value.elements, parts.count == 2, let state = state(parts[0]),
                let cursors = parts[1].elements?.compactMap({ position($0) }),
                cursors.count == rooms.count
            else { return nil }
            return .beaten(state, cursors)
        case .begin: return epoch(value).map { .begun($0) }
        case .raise: return .raised
        case .append(_, _, _, _, let submissions):
            if value == .null { return .appended(.otherEpoch) }
            return value.text.flatMap { AnswerText.answers($0, to: submissions) }
                .map { .appended(.answered($0)) }
        case .open: return RoomCode.snapshot(value)
        case .read(_, let from, let through):
            return RoomCode.page(value, from: from, through: through).map { .read($0) }
        case .catchUp(_, let cursor): return RoomCode.entries(value, after: cursor)
        case .trim:
            guard let parts = value.elements, parts.count == 2, let entries = number(parts[0]),
                let pause = number(parts[1])
            else { return nil }
            return .trimmed(entries: Int(clamping: entries), pause: pause)
        case .changes(let command):
            return ChangeReplyCode.reply(to: command, value).map { .changes($0) }
        case .presence(let command):
            return PresenceReplyCode.reply(to: command, value).map { .presence($0) }
        }
    }

    static func epoch(_ value: RedisValue) -> Epoch? { value.text.flatMap { Epoch($0) } }

    /// A number that isn't below 0, as an integer or as a text.
    static func number(_ value: RedisValue) -> UInt64? {
        switch value {
        case .integer(let number): UInt64(exactly: number)
        case .string, .status: value.text.flatMap { UInt64($0) }
        case .null, .array, .error: nil
        }
    }

    static func position(_ value: RedisValue) -> RoomCursor? {
        value.text.flatMap { PositionText.cursor($0) }
    }

    private static func taken(for milliseconds: Int64) -> ShardReply {
        .nameTaken(milliseconds: Int(clamping: max(milliseconds, 0)))
    }

    /// A list: the epoch or null, 1 if the data is the same, seconds, microseconds, the last news,
    /// and why lines aren't taken or null.
    private static func state(_ value: RedisValue) -> ShardState? {
        guard let parts = value.elements, parts.count == 6, let same = parts[1].number,
            let seconds = parts[2].number, let microseconds = parts[3].number,
            let news = number(parts[4])
        else { return nil }
        let epoch = epoch(parts[0])
        if epoch == nil, parts[0] != .null { return nil }
        return ShardState(
            epoch: epoch, isSameData: same == 1,
            time: Timestamp(milliseconds: seconds * 1_000 + microseconds / 1_000),
            news: news, trouble: parts[5].text)
    }
}
