internal import WebSocket

/// What requests of the API do: the table of routes. The OpenAPI document is made from it.
///
/// The raw value is the operation's name in that document.
enum APIOperation: String, CaseIterable {
    case sayLine, getHistory, deleteLine
    case listRooms, getRoom, changeSettings, listMembers
    case delete, purge, timeout, ban, unban, panic, approve, reject, announce, undo
    case listBans, listTerms, changeTerms, getModerationLog
    case streamRoom, streamRooms
    case getConnections, disconnect, revokeTokens, getServer
    case describe

    /// Who may ask.
    enum Access {
        /// Anybody. The answer is the same for all.
        case everybody
        /// Guests too, unless the server has none.
        case readers
        /// Holders of tokens or keys.
        case users
    }

    var method: RequestMethod {
        switch self {
        case .getHistory, .listRooms, .getRoom, .listMembers, .listBans, .listTerms,
            .getModerationLog, .streamRoom, .streamRooms, .getConnections, .getServer, .describe:
            .get
        case .deleteLine, .disconnect: .delete
        case .changeSettings: .patch
        case .sayLine, .delete, .purge, .timeout, .ban, .unban, .panic, .approve, .reject,
            .announce, .undo, .changeTerms, .revokeTokens:
            .post
        }
    }

    /// The form of the path after `/api/v1`. Names in braces stand for segments that differ.
    var path: String {
        switch self {
        case .sayLine, .getHistory: "/rooms/{room}/messages"
        case .deleteLine: "/rooms/{room}/messages/{seq}"
        case .listRooms: "/rooms"
        case .getRoom, .changeSettings: "/rooms/{room}"
        case .listMembers: "/rooms/{room}/members"
        case .delete, .purge, .timeout, .ban, .unban, .panic, .approve, .reject, .announce, .undo:
            "/rooms/{room}/\(rawValue)"
        case .listBans: "/rooms/{room}/bans"
        case .listTerms, .changeTerms: "/rooms/{room}/terms"
        case .getModerationLog: "/rooms/{room}/modlog"
        case .streamRoom: "/rooms/{room}/events"
        case .streamRooms: "/events"
        case .getConnections, .disconnect: "/connections/{sub}"
        case .revokeTokens: "/tokens/revoke"
        case .getServer: "/server"
        case .describe: "/openapi.json"
        }
    }

    var access: Access {
        switch self {
        case .describe: .everybody
        case .getHistory, .streamRoom, .streamRooms: .readers
        case .sayLine, .deleteLine, .listRooms, .getRoom, .changeSettings, .listMembers, .delete,
            .purge, .timeout, .ban, .unban, .panic, .approve, .reject, .announce, .undo,
            .listBans, .listTerms, .changeTerms, .getModerationLog, .getConnections, .disconnect,
            .revokeTokens, .getServer:
            .users
        }
    }

    /// Whether only listeners for operators have it, if there are some.
    var isForOperators: Bool {
        switch self {
        case .getConnections, .disconnect, .revokeTokens, .getServer: true
        case .sayLine, .getHistory, .deleteLine, .listRooms, .getRoom, .changeSettings,
            .listMembers, .delete, .purge, .timeout, .ban, .unban, .panic, .approve, .reject,
            .announce, .undo, .listBans, .listTerms, .changeTerms, .getModerationLog, .streamRoom,
            .streamRooms, .describe:
            false
        }
    }

    /// Whether the path names a room.
    var concernsRoom: Bool {
        switch self {
        case .sayLine, .getHistory, .deleteLine, .getRoom, .changeSettings, .listMembers, .delete,
            .purge, .timeout, .ban, .unban, .panic, .approve, .reject, .announce, .undo,
            .listBans, .listTerms, .changeTerms, .getModerationLog, .streamRoom:
            true
        case .listRooms, .streamRooms, .getConnections, .disconnect, .revokeTokens, .getServer,
            .describe:
            false
        }
    }

    /// Whether it changes something, by an id.
    var isChange: Bool { method != .get }

    /// Whether the request has content, which is JSON.
    var takesContent: Bool { method == .post || method == .patch }

    /// Whether `*` may stand for a room, which means the whole server.
    var mayBeEverywhere: Bool {
        switch self {
        case .timeout, .ban, .unban, .undo, .listBans, .listTerms, .changeTerms,
            .getModerationLog:
            true
        case .sayLine, .getHistory, .deleteLine, .listRooms, .getRoom, .changeSettings,
            .listMembers, .delete, .purge, .panic, .approve, .reject, .announce,
            .streamRoom, .streamRooms, .getConnections, .disconnect, .revokeTokens, .getServer,
            .describe:
            false
        }
    }

    /// The name of the command of the rich dialect that does the same with the same fields. Nil if
    /// there is none, or if the fields come in another way.
    var command: String? {
        switch self {
        case .delete, .purge, .timeout, .ban, .unban, .panic, .approve, .reject, .announce, .undo:
            rawValue
        case .changeSettings: "settings"
        case .changeTerms: "terms"
        case .revokeTokens: "revoke"
        case .sayLine, .getHistory, .deleteLine, .listRooms, .getRoom, .listMembers, .listBans,
            .listTerms, .getModerationLog, .streamRoom, .streamRooms, .getConnections,
            .disconnect, .getServer, .describe:
            nil
        }
    }
}
