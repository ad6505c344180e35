import Testing

@testable import Chat

/// Faults of a command, and their refusals.
@Suite struct CommandRefusalTests {
    private func parse(_ text: String) -> CommandEnvelope {
        Command.parse(Array(text.utf8).span)
    }

    private func refused(
        _ code: Refusal.Code, _ reason: String, id: String? = nil
    ) -> CommandEnvelope {
        CommandEnvelope(id: id, command: .failure(Refusal(code, reason)))
    }

    @Test(arguments: [
        ("[]", "A command must be a JSON object, not an array."),
        ("\"a\"", "A command must be a JSON object, not a string."),
        ("1", "A command must be a JSON object, not a number."),
        ("null", "A command must be a JSON object, not true, false or null."),
        (
            #"{"id":5,"type":"leave"}"#,
            #"The field "id" must be a string of 1 to 64 bytes, not a number."#
        ),
        (
            #"{"type":"none","id":null}"#,
            #"The field "id" must be a string of 1 to 64 bytes, not true, false or null."#
        ),
        (#"{"id":""}"#, #"The field "id" has 0 bytes; 1 to 64 are allowed: choose another."#),
    ])
    func `a refusal of a text without a valid id carries none`(text: String, reason: String) {
        #expect(parse(text) == refused(.invalidCommand, reason))
    }

    @Test(arguments: [65, 10_000])
    func `an id over the limit is refused`(count: Int) {
        let id = String(repeating: "x", count: count)
        #expect(
            parse(#"{"type":"leave","room":"lobby","id":"\#(id)"}"#)
                == refused(
                    .invalidCommand,
                    #"The field "id" has \#(count) bytes; 1 to 64 are allowed: choose another."#))
    }

    /// Fields without `id`, and the reason for their refusal.
    private static let invalidFields = [
        (#""x":1"#, #"The field "type" is missing: add it."#),
        (#""type":5"#, #"The field "type" must be a string, not a number."#),
        (#""type":null,"room":"lobby""#, typeMustBeAString),
        (#""type":"join""#, #"The field "room" is missing: add it."#),
        (#""type":"leave","Room":"lobby""#, #"The field "room" is missing: add it."#),
        (#""type":"message","message":"hi""#, #"The field "room" is missing: add it."#),
        (#""type":"history","room":[]"#, #"The field "room" must be a string, not an array."#),
        (#""type":"members","room":{}"#, #"The field "room" must be a string, not an object."#),
        (
            #""type":"join","room":"lobby","username":1"#,
            #"The field "username" must be a string, not a number."#
        ),
        (#""type":"message","room":"lobby""#, #"The field "message" is missing: add it."#),
        (
            #""type":"message","room":"lobby","message":["hi"]"#,
            #"The field "message" must be a string, not an array."#
        ),
        (
            #""type":"message","room":"lobby","message":"hi","username":{}"#,
            #"The field "username" must be a string, not an object."#
        ),
        (#""type":"history","room":"lobby""#, #"The field "before" is missing: add it."#),
        (
            #""type":"history","room":"lobby","before":1"#,
            #"The field "limit" is missing: add it."#
        ),
        (
            #""type":"history","room":"lobby","before":"1","limit":1"#,
            #"The field "before" must be a whole number from 0 to 18446744073709551615, "#
                + "not a string."
        ),
        (
            #""type":"history","room":"lobby","before":1,"limit":null"#,
            #"The field "limit" must be a whole number from 1 to 200, not true, false or null."#
        ),
        (
            #""type":"join","room":"lobby","history":[50]"#,
            #"The field "history" must be a whole number from 0 to 200, not an array."#
        ),
        (
            #""type":"join","room":"lobby","after":41"#,
            #"The field "after" must be an object with a string "epoch" and a whole number "seq", "#
                + "not a number."
        ),
        (
            #""type":"join","room":"lobby","after":null,"history":5"#,
            #"The field "after" must be an object with a string "epoch" and a whole number "seq", "#
                + "not true, false or null."
        ),
        (
            #""type":"join","room":"lobby","after":{}"#,
            #"The field "after.epoch" is missing: add it."#
        ),
        (
            #""type":"join","room":"lobby","after":{"epoch":"a"}"#,
            #"The field "after.seq" is missing: add it."#
        ),
        (
            #""type":"join","room":"lobby","after":{"seq":1,"epoch":1}"#,
            #"The field "after.epoch" must be a string, not a number."#
        ),
        (
            #""type":"join","room":"lobby","after":{"seq":"1","epoch":"a"}"#,
            #"The field "after.seq" must be a whole number from 0 to 18446744073709551615, "#
                + "not a string."
        ),
    ]
    private static let typeMustBeAString =
        #"The field "type" must be a string, not true, false or null."#

    @Test(arguments: invalidFields)
    func `a refusal names the wrong field`(fields: String, reason: String) {
        #expect(parse("{\(fields)}") == refused(.invalidCommand, reason))
        expectAnswered(fields, .invalidCommand, reason)
    }

    @Test(arguments: [
        "", "Join", "join ", "joi", "joinx", "welcome", #"\u0000"#, #"join\u0000"#,
        String(repeating: "x", count: 10_000),
    ])
    func `an unknown type is refused with the known ones`(type: String) {
        expectAnswered(
            "\"type\":\"\(type)\",\"room\":5", .unknownType,
            #"The field "type" must be one of these: join, leave, message, history, members, "#
                + "auth, announce, delete, settings, panic, timeout, ban, unban, bans, "
                + "purge, terms, undo, modlog, approve, reject, server, inspect, "
                + "disconnect, revoke."
        )
    }

    @Test(arguments: [
        "", "Lobby", "lobby ", "a/b", "é", #"\u0000"#, #"lobb\u0059"#,
        String(repeating: "r", count: 65), String(repeating: "r", count: 10_000),
    ])
    func `an invalid room name is refused`(name: String) {
        for type in ["join", "leave", "message", "history", "members"] {
            expectAnswered(
                "\"type\":\"\(type)\",\"room\":\"\(name)\"", .invalidRoom,
                "A room's name has 1 to 64 characters of a-z, 0-9, '.', '_' and '-'.")
        }
    }

    /// The id comes back, whether it is before the fault or after it.
    private func expectAnswered(_ fields: String, _ code: Refusal.Code, _ reason: String) {
        let expected = refused(code, reason, id: "a-1")
        #expect(parse("{\"id\":\"a-1\",\(fields)}") == expected)
        #expect(parse("{\(fields),\"id\":\"a-1\"}") == expected)
    }

    private static let outside = [
        "18446744073709551616", "18446744073709551625", "100000000000000000000", "-0", "-1", "1.5",
        "1.0", "1e2", "1E0", "0e0", "1e999", "99999999999999999999999999999999999999999",
    ]

    @Test(arguments: outside)
    func `a number that isn't whole is refused`(number: String) {
        let before = "\"type\":\"history\",\"room\":\"lobby\",\"limit\":1,\"before\":\(number)"
        expectAnswered(
            before, .invalidCommand,
            #"The field "before" must be a whole number from 0 to 18446744073709551615, "#
                + "in digits only.")
        let after =
            "\"type\":\"join\",\"room\":\"lobby\",\"after\":{\"epoch\":\"a\",\"seq\":\(number)}"
        expectAnswered(
            after, .invalidCommand,
            #"The field "after.seq" must be a whole number from 0 to 18446744073709551615, "#
                + "in digits only.")
    }

    @Test(arguments: outside + ["0", "201", "9223372036854775808", "18446744073709551615"])
    func `a limit out of range is refused`(number: String) {
        expectAnswered(
            "\"type\":\"history\",\"room\":\"lobby\",\"before\":1,\"limit\":\(number)",
            .invalidCommand,
            #"The field "limit" must be a whole number from 1 to 200, in digits only."#)
        guard number != "0" else { return }
        expectAnswered(
            "\"type\":\"join\",\"room\":\"lobby\",\"history\":\(number)", .invalidCommand,
            #"The field "history" must be a whole number from 0 to 200, in digits only."#)
    }

    @Test(arguments: [
        #"{"type":"leave","room":"lobby","id":"1""#, #"{"id":"1","type":"none","x":01}"#,
        #"{"id":"1","type":"history","before":01,"limit":1}"#, #"{"id":"1","x":"\ud800"}"#,
        #"{"id":"1","type":"leave","room":"lobby"}}"#, #"{"id":"","x":[1,]}"#, "[1", "",
        #"{"id":"1","type":"history","before":-}"#, #"{"id":"1","after":{"seq":1,}}"#,
        #"{"id":"1","after":{"seq":.5}}"#, #"{"id":"1","after":[}}"#,
    ])
    func `broken JSON is reported before other faults`(text: String) {
        let envelope = parse(text)
        #expect(envelope.id == nil)
        let refusal = #expect(throws: Refusal.self) { try envelope.command.get() }
        #expect(refusal?.code == .invalidJSON)
    }

    @Test(arguments: [[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xC0, 0x80], [0x5C, 0x6E, 0xFF]])
    func `text that isn't UTF-8 is refused`(bytes: [UInt8]) {
        let text =
            Array(#"{"id":"1","type":"message","room":"lobby","message":""#.utf8) + bytes
            + Array("\"}".utf8)
        let refusal = #expect(throws: Refusal.self) { try Command.parse(text.span).command.get() }
        #expect(refusal?.code == .invalidJSON)
    }
}
