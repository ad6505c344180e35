internal import Chat

/// What requests have as their content.
extension OpenAPISchema {
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

    static let contents = [
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
