internal import Chat
internal import Redis

/// Reads what Redis replies to commands about changes.
enum ChangeReplyCode {
    /// Nil if it can't be read.
    static func reply(to command: ChangeCommand, _ value: RedisValue) -> ChangeReply? {
        switch command {
        case .survey: return surveyed(value)
        case .waiting:
            guard let parts = value.elements, parts.count == 2, let lines = held(parts[0]) else {
                return nil
            }
            return .waiting(lines, isLast: parts[1] == .integer(1))
        case .revocations:
            return value.elements.map { .revocations($0.compactMap(\.text)) }
        case .news: return value == .null ? .news(nil) : news(value).map { .news($0) }
        case .consult: return consulted(value)
        case .scan: return scanned(value)
        case .make: return made(value).map { .made($0) }
        case .erase: return value.number.map { .erased(left: Int($0)) }
        case .unerased: return unerased(value)
        case .log:
            return value.elements.map { .logged($0.compactMap { entry($0.elements ?? []) }) }
        case .hold:
            guard let parts = value.elements, parts.count == 2, let lines = outcomes(parts[0]),
                let news = ReplyCode.number(parts[1])
            else { return nil }
            return .held(lines, news: news)
        case .release: return released(value).map { .released($0) }
        case .drop: return ReplyCode.number(value).map { .dropped(news: $0) }
        case .notify: return .notified
        }
    }

    /// A message on the channel of news: the number, a space and the text. Nil if it can't be read.
    static func news(_ bytes: [UInt8]) -> NumberedNews? {
        guard let space = bytes.firstIndex(of: UInt8(ascii: " ")),
            let number = UInt64(String(decoding: bytes[..<space], as: UTF8.self)),
            let news = JSONText.value(NodeNews.self, in: Array(bytes[(space + 1)...]))
        else { return nil }
        return NumberedNews(number, news)
    }

    /// A list of room, position and a list of fields and values.
    private static func surveyed(_ value: RedisValue) -> ChangeReply? {
        guard let parts = value.elements, parts.count == 2, let list = parts[0].elements,
            list.count.isMultiple(of: 3)
        else { return nil }
        var states: [RoomState] = []
        for place in stride(from: 0, to: list.count, by: 3) {
            guard let room = list[place].text.flatMap({ RoomName(stored: $0) }),
                let cursor = ReplyCode.position(list[place + 1]),
                let fields = list[place + 2].elements
            else { return nil }
            var state = RoomState(room, rev: cursor.rev)
            for field in stride(from: 0, to: fields.count - 1, by: 2) {
                add(fields[field].text ?? "", fields[field + 1], to: &state)
            }
            states.append(state)
        }
        return .surveyed(states, isLast: parts[1] == .integer(1))
    }

    /// What can't be read was written by a newer node.
    private static func add(_ field: String, _ value: RedisValue, to state: inout RoomState) {
        let text = value.text ?? ""
        if field == StateField.settings {
            state.settings = RoomSettings(stored: text) ?? RoomSettings()
        } else if field.hasPrefix(StateField.ban) {
            if let ban = JSONText.value(Ban.self, in: value.bytes ?? []) { state.bans.append(ban) }
        } else if field.hasPrefix(StateField.term), let action = Term.Action(rawValue: text) {
            let term = String(
                decoding: field.utf8.dropFirst(StateField.term.utf8.count), as: UTF8.self)
            state.terms.append(Term(term, action))
        }
    }

    private static func held(_ value: RedisValue) -> [HeldLine]? {
        guard let parts = value.elements else { return nil }
        let lines = parts.compactMap { JSONText.value(HeldLine.self, in: $0.bytes ?? []) }
        return lines.count == parts.count ? lines : nil
    }

    /// A list of texts: a line that waits, or the number and the time of one that was said, or
    /// nothing.
    private static func outcomes(_ value: RedisValue) -> [HeldReply.Outcome]? {
        guard let parts = value.elements else { return nil }
        let outcomes = parts.compactMap { part -> HeldReply.Outcome? in
            let text = part.text ?? ""
            if text.isEmpty { return .otherText }
            if let said = AnswerText.said(text[...]) {
                return .said(seq: said.seq, time: said.time)
            }
            return JSONText.value(HeldLine.self, in: part.bytes ?? []).map { .waits($0) }
        }
        return outcomes.count == parts.count ? outcomes : nil
    }

    /// A list of number and text.
    private static func news(_ value: RedisValue) -> [NumberedNews]? {
        guard let parts = value.elements, parts.count.isMultiple(of: 2) else { return nil }
        return stride(from: 0, to: parts.count, by: 2).compactMap { place in
            guard let number = ReplyCode.number(parts[place]), let bytes = parts[place + 1].bytes,
                let news = JSONText.value(NodeNews.self, in: bytes)
            else { return nil }
            return NumberedNews(number, news)
        }
    }

    /// An entry of the log, and what has undone it.
    private static func entry(_ parts: [RedisValue]) -> LedgerEntry? {
        guard parts.count == 2, let bytes = parts[0].bytes,
            var entry = JSONText.value(LedgerEntry.self, in: bytes)
        else { return nil }
        entry.undone = ReplyCode.number(parts[1])
        return entry
    }

    private static func consulted(_ value: RedisValue) -> ChangeReply? {
        guard let parts = value.elements, parts.count == 8,
            let last = ReplyCode.position(parts[0]), let news = ReplyCode.number(parts[1]),
            let lines = LineCode.lines(parts[3]), let kept = LineCode.lines(parts[6])
        else { return nil }
        var basis = ChangeBasis(last: last, news: news)
        if let words = parts[2].text?.split(separator: " "), words.count == 2,
            let rev = UInt64(words[0]), let digest = UInt64(words[1])
        {
            basis.known = ChangeBasis.Known(rev: rev, digest: digest)
        }
        basis.lines = lines
        if let entry = entry([parts[4], parts[5]]) {
            basis.undoing = ChangeBasis.Undoing(entry)
            basis.undoing?.kept = kept.map(\.line)
            basis.undoing?.isErasing = parts[7] == .integer(1)
        }
        return .consulted(basis)
    }

    /// Lines of the stream and lines that were brought back, each the newest first. What is behind
    /// the last one that was read of either isn't known.
    private static func scanned(_ value: RedisValue) -> ChangeReply? {
        guard let parts = value.elements, parts.count == 4,
            let stream = LineCode.lines(parts[0]), let back = LineCode.restored(parts[2])
        else { return nil }
        var least: UInt64 = 0
        if parts[1] != .integer(1), let last = stream.last { least = last.line.seq }
        if parts[3] != .integer(1), let last = back.last { least = max(least, last.line.seq) }
        let lines = (stream + back).filter { $0.line.seq >= least }
        return .scanned(lines.sorted { $0.line.seq > $1.line.seq })
    }

    private static func made(_ value: RedisValue) -> ChangeOutcome? {
        if value == .null { return .otherEpoch }
        guard let parts = value.elements, parts.count == 3, let rev = ReplyCode.number(parts[1]),
            let news = ReplyCode.number(parts[2])
        else { return nil }
        return parts[0].text == "made" ? .made(news: news) : .conflict(rev: rev, news: news)
    }

    private static func unerased(_ value: RedisValue) -> ChangeReply? {
        guard let parts = value.elements else { return nil }
        var revs: [RoomName: [UInt64]] = [:]
        for part in parts {
            let words = (part.text ?? "").split(separator: " ")
            guard words.count == 2, let room = RoomName(stored: String(words[0])),
                let rev = UInt64(words[1])
            else { return nil }
            revs[room, default: []].append(rev)
        }
        return .unerased(revs)
    }

    private static func released(_ value: RedisValue) -> ReleaseOutcome? {
        if value == .null { return .otherEpoch }
        guard let parts = value.elements, parts.count == 2, let list = parts[0].elements,
            let news = ReplyCode.number(parts[1]), list.count.isMultiple(of: 3)
        else { return nil }
        let said = stride(from: 0, to: list.count, by: 3).compactMap { place in
            ReplyCode.number(list[place]).map { id in
                HeldReply.Said(
                    id: id, seq: ReplyCode.number(list[place + 1]),
                    time: Timestamp(milliseconds: list[place + 2].number ?? 0))
            }
        }
        return .said(said, news: news)
    }
}
