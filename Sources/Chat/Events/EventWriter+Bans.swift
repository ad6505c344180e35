/// Events and answers about bans.
extension EventWriter {
    /// A ban as an object of the answer to `bans`. Origins are never shown.
    package static func entry(_ ban: Ban) -> String {
        var buffer: [UInt8] = []
        append(#"{"rev":"#, ban.rev, to: &buffer)
        append(#","action":"#, ban.isTimeout ? "timeout" : "ban", to: &buffer)
        append(#","by":"#, ban.by, to: &buffer)
        append(#","time":"#, ban.time, to: &buffer)
        appendDetails(of: ban, to: &buffer)
        if let end = ban.end { append(#","until":"#, end, to: &buffer) }
        buffer.append("}")
        return String(decoding: buffer, as: UTF8.self)
    }

    /// The people of a ban, its length and its reason.
    static func appendDetails(of ban: Ban, to buffer: inout [UInt8]) {
        if let user = ban.target.user { append(#","user":"#, user, to: &buffer) }
        if let name = ban.target.username { append(#","username":"#, name, to: &buffer) }
        if ban.target.kind == .block { append(#","scope":"#, "address", to: &buffer) }
        if let seconds = ban.seconds { append(#","seconds":"#, seconds, to: &buffer) }
        if !ban.reason.isEmpty { append(#","reason":"#, ban.reason, to: &buffer) }
    }

    private static func append(
        _ key: StaticString, _ time: Timestamp, to buffer: inout [UInt8]
    ) {
        append(key, TimestampText(time).string, to: &buffer)
    }

    /// A term as an object of the answer to `terms`.
    package static func entry(_ term: Term) -> String {
        var buffer: [UInt8] = []
        append(term, to: &buffer)
        return String(decoding: buffer, as: UTF8.self)
    }

    static func append(_ term: Term, to buffer: inout [UInt8]) {
        append(#"{"term":"#, term.text, to: &buffer)
        append(#","action":"#, term.action.rawValue, to: &buffer)
        buffer.append("}")
    }

    /// The answer to a request for a list.
    public static func report(
        _ query: ReportQuery, id: String?, room: RoomName, _ report: Report,
        into buffer: inout [UInt8]
    ) {
        switch query {
        case .bans:
            open("bans", id: id, room: room, in: &buffer)
            buffer.append(#","bans":["#)
        case .log:
            open("modlog", id: id, room: room, in: &buffer)
            buffer.append(#","entries":["#)
        case .terms:
            open("terms", id: id, room: room, in: &buffer)
            buffer.append(#","terms":["#)
        }
        for (place, entry) in report.entries.enumerated() {
            if place > 0 { buffer.append(",") }
            buffer += entry.utf8
        }
        append(#"],"more":"#, report.hasMore, to: &buffer)
        buffer.append("}")
    }
}
