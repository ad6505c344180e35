internal import Chat
internal import Redis

/// Reads what Redis replies to commands about the members of rooms, and what it tells of them.
enum PresenceReplyCode {
    /// Nil if it can't be read.
    static func reply(to command: PresenceCommand, _ value: RedisValue) -> PresenceReply? {
        switch command {
        case .attend(_, _, _, let rooms):
            guard let parts = value.elements, parts.count == 2,
                let attendances = attendances(parts[0]),
                let versions = parts[1].elements?.compactMap({ ReplyCode.number($0) }),
                versions.count == rooms.count
            else { return nil }
            return .attended(attendances, versions: versions)
        case .tell: return value.number.map { .told(isTaken: $0 == 1) }
        case .read:
            guard let parts = value.elements, parts.count == 2,
                let version = ReplyCode.number(parts[0]),
                let texts = parts[1].elements
            else { return nil }
            let nodes = texts.compactMap { $0.bytes.flatMap { members($0[...]) } }
            return .read(RoomMembers(version: version, nodes))
        case .bury: return .buried
        }
    }

    /// A message on a room's channel: `@`, the epoch, a space, the version, a space, and the
    /// members. Nil if it is another one.
    static func notice(_ bytes: [UInt8]) -> PresenceNotice? {
        guard bytes.first == UInt8(ascii: "@") else { return nil }
        let parts = bytes.dropFirst().split(separator: UInt8(ascii: " "), maxSplits: 2)
        guard parts.count == 3, let epoch = Epoch(String(decoding: parts[0], as: UTF8.self)),
            let version = UInt64(String(decoding: parts[1], as: UTF8.self)),
            let members = members(parts[2])
        else { return nil }
        return PresenceNotice(epoch, version: version, members)
    }

    private static func members(_ bytes: ArraySlice<UInt8>) -> NodeMembers? {
        JSONText.value(WrittenMembers.self, in: Array(bytes))?.members
    }

    /// A list of node and `run first last`.
    private static func attendances(_ value: RedisValue) -> [Attendance]? {
        guard let list = value.elements, list.count.isMultiple(of: 2) else { return nil }
        var found: [Attendance] = []
        for place in stride(from: 0, to: list.count, by: 2) {
            guard let name = list[place].text.flatMap({ NodeName($0) }),
                let words = list[place + 1].text?.split(separator: " "), words.count == 3,
                let run = UInt64(words[0], radix: 16), let first = UInt64(words[1]),
                let last = UInt64(words[2])
            else { return nil }
            found.append(Attendance(NodeRun(name, number: run), first: first, last: last))
        }
        return found
    }
}
