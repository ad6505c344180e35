internal import Chat
internal import Redis

/// Reads lines outside of streams.
enum LineCode {
    /// A list of number and entry. Nil if it can't be read.
    static func lines(_ value: RedisValue) -> [OriginLine]? {
        guard let parts = value.elements, parts.count.isMultiple(of: 2) else { return nil }
        var lines: [OriginLine] = []
        for place in stride(from: 0, to: parts.count, by: 2) {
            guard let seq = ReplyCode.number(parts[place]), let bytes = parts[place + 1].bytes,
                let line = line(bytes, seq)
            else { return nil }
            lines.append(line)
        }
        return lines
    }

    /// A list of lines that were brought back, each as its number, a space and its entry.
    static func restored(_ value: RedisValue) -> [OriginLine]? {
        guard let parts = value.elements else { return nil }
        var lines: [OriginLine] = []
        for part in parts {
            guard let bytes = part.bytes, let space = bytes.firstIndex(of: UInt8(ascii: " ")),
                let seq = UInt64(String(decoding: bytes[..<space], as: UTF8.self)),
                let line = line(Array(bytes[(space + 1)...]), seq)
            else { return nil }
            lines.append(line)
        }
        return lines
    }

    private static func line(_ bytes: [UInt8], _ seq: UInt64) -> OriginLine? {
        guard let entry = EntryCode.entry(bytes, at: RoomCursor(seq: seq)),
            case .line(let line, let origin) = entry.content
        else { return nil }
        return OriginLine(line, from: origin)
    }
}
