internal import Chat
internal import WebSocket

/// What a description tells of an operation.
extension APIOperation {
    /// A field of a query.
    struct QueryField {
        let name: String
        /// In JSON.
        let schema: String
        let isRequired: Bool

        init(_ name: String, _ schema: String, isRequired: Bool = false) {
            (self.name, self.schema, self.isRequired) = (name, schema, isRequired)
        }

        static func limit(_ most: Int, usual: Int) -> QueryField {
            QueryField(
                "limit", #"{"type":"integer","minimum":1,"maximum":\#(most),"default":\#(usual)}"#)
        }

        static func number(_ name: String) -> QueryField {
            QueryField(name, #"{"type":"integer","minimum":0,"maximum":\#(UInt64.max)}"#)
        }

        static let text = #"{"type":"string"}"#
    }

    /// A successful answer.
    struct Success {
        let status: HTTPStatus
        /// The name of its schema.
        let schema: String
        var types = ["application/json"]
    }

    var summary: String {
        switch self {
        case .sayLine: "Say a line."
        case .getHistory: "Lines of a room, the oldest first."
        case .deleteLine: "Delete a line."
        case .listRooms: "Rooms with members that the caller may join, by name."
        case .getRoom: "A room and its settings."
        case .changeSettings: "Change settings of a room."
        case .listMembers: "The people in a room."
        case .delete: "Delete up to \(Moderation.lineLimit) lines."
        case .purge: "Delete lines that have something in common."
        case .timeout: "Keep somebody from writing for a while."
        case .ban: "Keep somebody out."
        case .unban: "End bans and timeouts."
        case .panic: "Apply the settings that are prepared for a raid, or take them back."
        case .approve: "Say a line that waits."
        case .reject: "Never say a line that waits."
        case .announce: "Make the room itself say a line."
        case .undo: "Take back a change."
        case .listBans: "Bans and timeouts in force, the oldest first."
        case .listTerms: "Terms that lines may not have, in the order of their bytes."
        case .changeTerms: "Change the terms that lines may not have."
        case .getModerationLog: "What moderators have done, the newest first."
        case .streamRoom: "The events of a room, as they happen."
        case .streamRooms: "The events of several rooms."
        case .getConnections: "Where a user is. For owners of the server."
        case .disconnect: "Close all connections of a user. For owners of the server."
        case .revokeTokens:
            "End tokens: those of a user, one, or all that were issued before a time. For owners "
                + "of the server."
        case .getServer: "The server: version, limits and figures. For owners of the server."
        case .describe: "This document."
        }
    }

    var query: [QueryField] {
        let page = QueryField.limit(ReportQuery.limit, usual: ReportQuery.standard)
        return switch self {
        case .getHistory:
            [
                .number("before"), .number("after"),
                .limit(Command.lineLimit, usual: ReportQuery.standard),
                QueryField("format", #"{"type":"string","enum":["json","ndjson"]}"#),
            ]
        case .listRooms:
            [
                QueryField("after", QueryField.text),
                .limit(APICall.roomLimit, usual: APICall.usualRooms),
            ]
        case .streamRoom: Self.places
        case .streamRooms:
            [QueryField("rooms", #"{"type":"string","minLength":1}"#, isRequired: true)]
                + Self.places
        case .listBans: [.number("after"), page]
        case .listTerms: [QueryField("after", QueryField.text), page]
        case .getModerationLog: [.number("before"), page]
        case .sayLine, .deleteLine, .getRoom, .changeSettings, .listMembers, .delete, .purge,
            .timeout, .ban, .unban, .panic, .approve, .reject, .announce, .undo, .changeTerms,
            .getConnections, .disconnect, .revokeTokens, .getServer, .describe:
            []
        }
    }

    private static let places = [
        QueryField("after", QueryField.text),
        QueryField(
            "history",
            #"{"type":"integer","minimum":0,"maximum":\#(Command.lineLimit),"default":"#
                + "\(JoinStart.standardLines)}"),
    ]

    /// The name of the schema of the content. Nil if there is none.
    var content: String? {
        switch self {
        case .sayLine: "NewLine"
        case .changeSettings: "SettingsChange"
        case .delete: "Delete"
        case .purge: "Purge"
        case .timeout: "Timeout"
        case .ban: "Ban"
        case .unban: "Unban"
        case .panic: "Panic"
        case .approve, .reject: "Decision"
        case .announce: "Announcement"
        case .undo: "Undo"
        case .changeTerms: "TermsChange"
        case .revokeTokens: "Revocation"
        case .getHistory, .deleteLine, .listRooms, .getRoom, .listMembers, .listBans, .listTerms,
            .getModerationLog, .streamRoom, .streamRooms, .getConnections, .disconnect,
            .getServer, .describe:
            nil
        }
    }

    var answers: [Success] {
        switch self {
        case .sayLine:
            [
                Success(status: .created, schema: "LineAck"),
                Success(status: .accepted, schema: "HeldAck"),
            ]
        case .announce: [Success(status: .created, schema: "LineAck")]
        case .getHistory:
            [
                Success(
                    status: .ok, schema: "History",
                    types: ["application/json", "application/x-ndjson"])
            ]
        case .listRooms: [Success(status: .ok, schema: "Rooms")]
        case .getRoom: [Success(status: .ok, schema: "Room")]
        case .listMembers: [Success(status: .ok, schema: "Members")]
        case .listBans: [Success(status: .ok, schema: "Bans")]
        case .listTerms: [Success(status: .ok, schema: "Terms")]
        case .getModerationLog: [Success(status: .ok, schema: "ModerationLog")]
        case .streamRoom, .streamRooms:
            [Success(status: .ok, schema: "Event", types: [StreamRequest.contentType])]
        case .getConnections: [Success(status: .ok, schema: "Connections")]
        case .disconnect: [Success(status: .ok, schema: "Disconnected")]
        case .revokeTokens: [Success(status: .ok, schema: "Revoked")]
        case .getServer: [Success(status: .ok, schema: "Server")]
        case .describe: [Success(status: .ok, schema: "Description")]
        case .deleteLine, .changeSettings, .delete, .purge, .timeout, .ban, .unban, .panic,
            .approve, .reject, .undo, .changeTerms:
            [Success(status: .ok, schema: "ChangeAck")]
        }
    }
}
