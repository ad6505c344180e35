internal import Chat

/// The schemas that the description names, in JSON. They are of JSON Schema 2020-12.
struct OpenAPISchema {
    let name: String
    let text: String

    private init(_ name: String, _ text: String) {
        (self.name, self.text) = (name, text)
    }

    static let all = basics + answers + contents

    private static let room = ##""room":{"$ref":"#/components/schemas/RoomName"}"##
    private static let number = ##"{"$ref":"#/components/schemas/Number"}"##
    private static let time = #""time":{"type":"string","format":"date-time"}"#
    private static let rules = ##"{"$ref":"#/components/schemas/Rules"}"##
    /// Text without control characters, one of them visible.
    private static let visible = #""minLength":1,"pattern":"\\S""#

    private static let basics = [
        OpenAPISchema(
            "RoomName",
            #"{"type":"string","minLength":1,"maxLength":64,"#
                + #""pattern":"^(?!\\.{1,2}$)[a-z0-9._-]{1,64}$"}"#),
        OpenAPISchema(
            "RoomNameOrAll",
            #"{"type":"string","minLength":1,"maxLength":64,"#
                + #""pattern":"^(\\*|(?!\\.{1,2}$)[a-z0-9._-]{1,64})$","#
                + #""description":"* is the whole server, for its owners."}"#),
        OpenAPISchema("Number", #"{"type":"integer","minimum":0,"maximum":\#(UInt64.max)}"#),
        OpenAPISchema(
            "Rules",
            #"{"type":"object","properties":{\#(ruleProperties)}}"#),
        OpenAPISchema(
            "Problem",
            """
            {"type":"object","required":["type","title","status","code","reason"],"properties":{\
            "type":{"type":"string"},"title":{"type":"string"},"status":{"type":"integer"},\
            "code":{"type":"string"},"reason":{"type":"string"},\
            "retry_after_ms":{"type":"integer","minimum":0}}}
            """),
        OpenAPISchema("User", #"{"type":"string","minLength":1,"maxLength":128}"#),
        OpenAPISchema("Description", #"{"type":"object","required":["openapi"]}"#),
    ]

    private static let ruleProperties = """
        "slow_seconds":{"type":"integer","minimum":0,"maximum":86400},\
        "members_only":{"type":"boolean"},\
        "known_minutes":{"type":"integer","minimum":0,"maximum":43200},\
        "unique":{"type":"boolean"},"links":{"type":"boolean"},"frozen":{"type":"boolean"},\
        "hold_seconds":{"type":"integer","minimum":0,"maximum":600}
        """
    private static let ruleNames = [
        "slow_seconds", "members_only", "known_minutes", "unique", "links", "frozen",
        "hold_seconds", "pinned", "panic",
    ]

    /// An object with these properties, all of which are there but the optional ones.
    private static func event(
        _ type: String, _ properties: String, _ required: [String]
    ) -> String {
        let names = (["type"] + required).map { "\"\($0)\"" }.joined(separator: ",")
        return
            #"{"type":"object","required":[\#(names)],"properties":{"type":{"const":"\#(type)"},"#
            + properties + "}}"
    }

    private static let answers = [
        OpenAPISchema(
            "LineAck",
            event(
                "ack", #""id":{"type":"string"},\#(room),"seq":\#(number),\#(time)"#,
                ["id", "room", "seq", "time"])),
        OpenAPISchema(
            "HeldAck",
            event(
                "ack", #""id":{"type":"string"},\#(room),"held":{"type":"string"}"#,
                ["id", "room", "held"])),
        OpenAPISchema(
            "ChangeAck",
            event(
                "ack",
                #""id":{"type":"string"},"room":{"type":"string"},"rev":\#(number),"#
                    + #""connections":\#(number)"#, ["id", "room", "rev"])),
        OpenAPISchema(
            "Message",
            event(
                "message",
                #"\#(room),"seq":\#(number),\#(time),"username":{"type":"string"},"#
                    + #""message":{"type":"string"},"user":{"type":"string"},"#
                    + #""role":{"type":"string"}"#,
                ["room", "seq", "time", "username", "message"])),
        OpenAPISchema(
            "Lines",
            #"{"type":"string","description":"A Message on each line."}"#),
        OpenAPISchema(
            "History",
            event(
                "history",
                ##"\##(room),"messages":{"type":"array","##
                    + ##""items":{"$ref":"#/components/schemas/Message"}},"##
                    + #""more":{"type":"boolean"}"#, ["room", "messages", "more"])),
        OpenAPISchema(
            "Members",
            event(
                "members",
                #"\#(room),"count":\#(number),"number":\#(number),"#
                    + #""usernames":{"type":"array","items":{"type":"string"}}"#,
                ["room", "count", "number"])),
        OpenAPISchema(
            "Room",
            event(
                "room",
                #"\#(room),"epoch":{"type":"string"},"seq":\#(number),"rev":\#(number),"#
                    + #""members":\#(number),"settings":\#(rules)"#,
                ["room", "seq", "rev", "members", "settings"])),
        OpenAPISchema(
            "Rooms",
            event(
                "rooms",
                #""rooms":{"type":"array","items":{"type":"object","#
                    + #""required":["room","members"],"#
                    + #""properties":{\#(room),"members":\#(number)}}},"#
                    + #""more":{"type":"boolean"}"#, ["rooms", "more"])),
        OpenAPISchema(
            "Connections",
            event(
                "inspect",
                #""user":{"type":"string"},"count":\#(number),"connections":{"type":"array","#
                    + #""items":{"type":"object","required":["connection","state","rooms"]}}"#,
                ["user", "count", "connections"])),
        OpenAPISchema(
            "Event",
            """
            {"type":"object","description":"An event of the stream.","properties":{\
            "event":{"type":"string"},"data":{"type":"string"},"id":{"type":"string"},\
            "retry":{"type":"integer","minimum":0}}}
            """),
        OpenAPISchema(
            "Disconnected",
            event(
                "disconnected", #""user":{"type":"string"},"connections":\#(number)"#,
                ["user", "connections"])),
        OpenAPISchema(
            "Revoked", event("revoked", #""connections":\#(number)"#, ["connections"])),
        OpenAPISchema(
            "Server",
            event(
                "server", #""server":{"type":"string"},"uptime_ms":\#(number)"#,
                ["server", "uptime_ms"])),
        OpenAPISchema("Bans", list("bans", "bans")),
        OpenAPISchema("Terms", list("terms", "terms")),
        OpenAPISchema("ModerationLog", list("modlog", "entries")),
    ]

    private static func list(_ type: String, _ field: String) -> String {
        event(
            type,
            #""room":{"type":"string"},"\#(field)":{"type":"array","items":{"type":"object"}},"#
                + #""more":{"type":"boolean"}"#, ["room", field, "more"])
    }

    private static func any(of names: [String]) -> String {
        names.map { #"{"required":["\#($0)"]}"# }.joined(separator: ",")
    }

    private static let people = """
        "user":{"type":"string","minLength":1,"maxLength":256},\
        "username":{"type":"string",\(visible),"maxLength":256},"by_line":\(number)
        """
    private static let sanction = """
        \(people),"seconds":{"type":"integer","minimum":1,"maximum":315360000},\
        "reason":{"type":"string","maxLength":200},\
        "scope":{"const":"address"},"purge":{"type":"boolean"}
        """
    private static let ban =
        #"{"type":"object","properties":{\#(sanction)},"#
        + #""dependentRequired":{"scope":["by_line"]},"#
        + #""oneOf":[\#(any(of: ["user", "username", "by_line"]))]}"#

    private static let contents = [
        OpenAPISchema(
            "NewLine",
            """
            {"type":"object","required":["message"],"properties":{\
            "message":{"type":"string",\(visible)},\
            "username":{"type":"string","description":"The name, if the caller has none. \
            The key of an owner may give any."},\
            "user":{"type":"string","description":"For the key of an owner: whose line it is."},\
            "role":{"type":"string","description":"For the key of an owner: the role that the \
            line shows."}}}
            """),
        OpenAPISchema(
            "SettingsChange",
            #"{"type":"object","properties":{\#(ruleProperties),"#
                + #""pinned":{"oneOf":[\#(number),{"type":"null"}]},"panic":\#(rules)},"#
                + #""anyOf":[\#(any(of: ruleNames))]}"#),
        OpenAPISchema(
            "Delete",
            #"{"type":"object","properties":{"seq":\#(number),"seqs":{"type":"array","#
                + #""minItems":1,"maxItems":\#(Moderation.lineLimit),"items":\#(number)}},"#
                + #""anyOf":[\#(any(of: ["seq", "seqs"]))]}"#),
        OpenAPISchema(
            "Purge",
            """
            {"type":"object","properties":{"users":{"type":"array","minItems":1,"maxItems":1000,\
            "items":{"type":"string"}},"username":{"type":"string"},"by_line":\(number),\
            "scope":{"const":"address"},"matching":{"type":"string",\(visible)},\
            "last_minutes":{"type":"integer","minimum":1,"maximum":525600},\
            "from":\(number),"to":\(number)},"dependentRequired":{"scope":["by_line"]},\
            "anyOf":[\(any(of: ["users", "username", "by_line", "matching", "last_minutes", "from",
                "to"]))]}
            """),
        OpenAPISchema("Timeout", ban),
        OpenAPISchema("Ban", ban),
        OpenAPISchema(
            "Unban",
            #"{"type":"object","properties":{\#(people),"rev":\#(number)},"#
                + #""anyOf":[\#(any(of: ["user", "username", "by_line", "rev"]))]}"#),
        OpenAPISchema(
            "Panic",
            #"{"type":"object","required":["on"],"properties":{"on":{"type":"boolean"}}}"#),
        OpenAPISchema(
            "Decision",
            #"{"type":"object","required":["held"],"properties":{"held":{"type":"string"}}}"#),
        OpenAPISchema(
            "Announcement",
            #"{"type":"object","required":["message"],"#
                + #""properties":{"message":{"type":"string",\#(visible)}}}"#),
        OpenAPISchema(
            "Undo", #"{"type":"object","required":["rev"],"properties":{"rev":\#(number)}}"#),
        OpenAPISchema(
            "Revocation",
            """
            {"type":"object","properties":{"sub":{"type":"string","minLength":1,"maxLength":128},\
            "jti":{"type":"string","minLength":1,"maxLength":128},\
            "issued_before":{"type":"integer","minimum":0,"maximum":9007199254740992,\
            "description":"In seconds since 1970."}},\
            "anyOf":[\(any(of: ["sub", "jti", "issued_before"]))],\
            "not":{"anyOf":[{"required":["sub","jti"]},{"required":["jti","issued_before"]}]}}
            """),
        OpenAPISchema(
            "TermsChange",
            """
            {"type":"object","properties":{"add":{"type":"array","maxItems":500,"items":\
            {"type":"object","required":["term","action"],"properties":{\
            "term":{"type":"string"},"action":{"enum":["block","hold"]}}}},\
            "remove":{"type":"array","maxItems":500,"items":{"type":"string"}}},\
            "anyOf":[\(any(of: ["add", "remove"]))]}
            """),
    ]
}
