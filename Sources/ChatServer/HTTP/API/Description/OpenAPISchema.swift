internal import Chat

/// The schemas that the description names, in JSON. They are of JSON Schema 2020-12.
struct OpenAPISchema {
    let name: String
    let text: String

    init(_ name: String, _ text: String) {
        (self.name, self.text) = (name, text)
    }

    static let all = basics + answers + contents

    static let room = ##""room":{"$ref":"#/components/schemas/RoomName"}"##
    static let number = ##"{"$ref":"#/components/schemas/Number"}"##
    static let time = #""time":{"type":"string","format":"date-time"}"#
    static let rules = ##"{"$ref":"#/components/schemas/Rules"}"##
    /// Text without control characters, one of them visible.
    static let visible = #""minLength":1,"pattern":"\\S""#

    static let basics = [
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
            "retry_after_ms":{"type":"integer","minimum":0},"unknown":{"type":"boolean"}}}
            """),
        OpenAPISchema("User", #"{"type":"string","minLength":1,"maxLength":128}"#),
        OpenAPISchema("Description", #"{"type":"object","required":["openapi"]}"#),
    ]

    static let ruleProperties = """
        "slow_seconds":{"type":"integer","minimum":0,"maximum":86400},\
        "members_only":{"type":"boolean"},\
        "known_minutes":{"type":"integer","minimum":0,"maximum":43200},\
        "unique":{"type":"boolean"},"links":{"type":"boolean"},"frozen":{"type":"boolean"},\
        "hold_seconds":{"type":"integer","minimum":0,"maximum":600}
        """
    static let ruleNames = [
        "slow_seconds", "members_only", "known_minutes", "unique", "links", "frozen",
        "hold_seconds", "pinned", "panic",
    ]

    /// An object with these properties, all of which are there but the optional ones.
    static func event(
        _ type: String, _ properties: String, _ required: [String]
    ) -> String {
        let names = (["type"] + required).map { "\"\($0)\"" }.joined(separator: ",")
        return
            #"{"type":"object","required":[\#(names)],"properties":{"type":{"const":"\#(type)"},"#
            + properties + "}}"
    }

    static let answers = [
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

    static func list(_ type: String, _ field: String) -> String {
        event(
            type,
            #""room":{"type":"string"},"\#(field)":{"type":"array","items":{"type":"object"}},"#
                + #""more":{"type":"boolean"}"#, ["room", field, "more"])
    }
}
