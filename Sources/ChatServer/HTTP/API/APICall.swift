internal import Chat
internal import Identity
internal import WebSocket

/// What a request wants, with all that it gives.
enum APICall {
    case say(PostedMessage)
    case announce(String)
    indirect case moderate(Moderation)
    case report(ReportQuery)
    case history(HistoryRange)
    case members
    case room
    /// The names of rooms after this one.
    case rooms(after: String, limit: Int)
    /// What an operator asks for.
    case oversee(Oversight)

    /// The rooms in an answer, at most and usually.
    static let roomLimit = 200
    static let usualRooms = 50

    /// Reads what a request gives. `holder` is nil for a guest.
    init(
        _ operation: APIOperation, _ target: APIResource.Target, _ head: RequestHead,
        in bytes: Span<UInt8>, content: Span<UInt8>, by holder: Principal?
    ) throws(Problem) {
        if operation.takesContent { try Self.checkUTF8(content) }
        if let name = operation.command {
            self = try Self.command(name, for: target.room, content)
            return
        }
        switch operation {
        case .sayLine: self = .say(try Self.line(content, of: holder))
        case .deleteLine: self = .moderate(.delete(seqs: [target.seq]))
        case .listMembers: self = .members
        case .getRoom: self = .room
        case .getHistory:
            self = .history(try Self.range(head, in: bytes))
        case .listRooms:
            let query = try APIQuery(head.query, in: bytes)
            self = .rooms(
                after: query.text(.after) ?? "",
                limit: try query.whole(.limit, in: 1...Self.roomLimit) ?? Self.usualRooms)
        case .getConnections: self = .oversee(.inspect(.user(target.sub)))
        case .disconnect: self = .oversee(.disconnect(.user(target.sub), reason: ""))
        case .getServer: self = .oversee(.figures(after: nil))
        case .listBans, .listTerms, .getModerationLog:
            self = .report(try Self.report(operation, APIQuery(head.query, in: bytes)))
        case .changeSettings, .delete, .purge, .timeout, .ban, .unban, .panic, .approve, .reject,
            .announce, .undo, .changeTerms, .revokeTokens:
            preconditionFailure("it is a command")
        case .streamRoom, .streamRooms: preconditionFailure("it is a stream")
        case .describe: preconditionFailure("it is a document")
        }
    }

    private static func checkUTF8(_ content: Span<UInt8>) throws(Problem) {
        do {
            _ = try UTF8Span(validating: content)
        } catch {
            throw .notUTF8
        }
    }

    private static func command(
        _ name: String, for room: RoomName, _ content: Span<UInt8>
    ) throws(Problem) -> APICall {
        do throws(Refusal) {
            switch try Command.parse(content, named: name, for: room) {
            case .announce(_, let message): return .announce(message)
            case .moderate(_, let wanted): return .moderate(wanted)
            case .oversee(let wanted): return .oversee(wanted)
            case .report: throw Refusal(.invalidCommand, "Name terms to add or to remove.")
            case .join, .leave, .message, .history, .members, .auth:
                preconditionFailure("no operation has this command")
            }
        } catch {
            throw Problem(error)
        }
    }

    /// An owner's key speaks for others, too.
    private static func line(
        _ content: Span<UInt8>, of holder: Principal?
    ) throws(Problem) -> PostedMessage {
        let isTrusted = holder?.speaksForOthers ?? false
        do throws(Refusal) {
            let posted = try PostedMessage.parse(content, speaksForOthers: isTrusted)
            if isTrusted, posted.username != nil { return posted }
            return posted.said(as: holder?.name)
        } catch {
            throw Problem(error)
        }
    }

    private static func range(
        _ head: RequestHead, in bytes: Span<UInt8>
    ) throws(Problem) -> HistoryRange {
        let query = try APIQuery(head.query, in: bytes)
        let isListed = try query.choice(.format, of: ["json", "ndjson"]) == 1
        return HistoryRange(
            after: try query.whole(.after, in: 0...UInt64.max),
            before: try query.whole(.before, in: 0...UInt64.max) ?? .max,
            limit: try query.whole(.limit, in: 1...Command.lineLimit) ?? ReportQuery.standard,
            isListed: isListed || head.accepts("application/x-ndjson", in: bytes))
    }

    private static func report(
        _ operation: APIOperation, _ query: APIQuery
    ) throws(Problem) -> ReportQuery {
        let limit =
            try query.whole(.limit, in: 1...ReportQuery.limit) ?? ReportQuery.standard
        if operation == .listTerms { return .terms(after: query.text(.after) ?? "", limit: limit) }
        if operation == .listBans {
            return .bans(after: try query.whole(.after, in: 0...UInt64.max) ?? 0, limit: limit)
        }
        return .log(before: try query.whole(.before, in: 0...UInt64.max) ?? .max, limit: limit)
    }
}
