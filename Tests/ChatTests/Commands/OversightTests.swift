import Chat
import Testing

/// The commands of operators: their forms, and how others are refused.
@Suite struct OversightTests {
    private func parse(_ fields: String) -> Result<Command, Refusal> {
        Command.parse("{\(fields)}".utf8.span).command
    }

    private func wanted(_ fields: String) throws -> Oversight? {
        guard case .oversee(let wanted) = try parse(fields).get() else { return nil }
        return wanted
    }

    @Test func `figures are asked for with or without samples`() throws {
        #expect(try wanted(#""type":"server""#) == .figures(after: nil))
        #expect(try wanted(#""type":"server","after":12,"room":5"#) == .figures(after: 12))
    }

    @Test func `a room, a user or a connection is looked at`() throws {
        let go = try #require(RoomName("go"))
        #expect(try wanted(#""type":"inspect","room":"go""#) == .inspect(.room(go)))
        #expect(try wanted(#""type":"inspect","user":"a/é""#) == .inspect(.user("a/é")))
        #expect(
            try wanted(#""connection":"x1","type":"inspect""#) == .inspect(.connection("x1")))
    }

    @Test func `connections are closed with a reason or without one`() throws {
        #expect(
            try wanted(#""type":"disconnect","user":"u","reason":"go","room":1"#)
                == .disconnect(.user("u"), reason: "go"))
        #expect(
            try wanted(#""type":"disconnect","connection":"x""#)
                == .disconnect(.connection("x"), reason: ""))
    }

    @Test func `tokens are ended in three ways`() throws {
        #expect(
            try wanted(#""type":"revoke","sub":"u""#)
                == .revoke(.user("u", issuedBefore: nil)))
        #expect(
            try wanted(#""type":"revoke","sub":"u","issued_before":9"#)
                == .revoke(.user("u", issuedBefore: 9)))
        #expect(try wanted(#""type":"revoke","jti":"j""#) == .revoke(.token(jti: "j")))
        #expect(
            try wanted(#""type":"revoke","issued_before":0"#) == .revoke(.all(issuedBefore: 0)))
    }

    @Test(arguments: [
        #""type":"server","after":"1""#, #""type":"server","after":-1"#, #""type":"inspect""#,
        #""type":"inspect","room":"go","user":"u""#, #""type":"inspect","user":"""#,
        #""type":"inspect","user":7"#, #""type":"inspect","connection":null"#,
        #""type":"disconnect","room":"go""#, #""type":"disconnect","user":"u","connection":"x""#,
        #""type":"disconnect","user":"u","reason":1"#, #""type":"revoke""#,
        #""type":"revoke","sub":"u","jti":"j""#, #""type":"revoke","jti":"j","issued_before":1"#,
        #""type":"revoke","issued_before":"now""#, #""type":"revoke","issued_before":1e99"#,
        #""type":"revoke","issued_before":18446744073709551615"#, #""type":"revoke","sub":"""#,
        "\"type\":\"inspect\",\"user\":\"\(String(repeating: "u", count: 129))\"",
        "\"type\":\"revoke\",\"jti\":\"\(String(repeating: "é", count: 65))\"",
        #""type":"disconnect","user":"u","reason":""# + String(repeating: "é", count: 51) + "\"",
    ])
    func `other forms are refused`(fields: String) {
        #expect(throws: Refusal.self) { try parse(fields).get() }
        if case .failure(let refusal) = parse(fields) { #expect(refusal.code == .invalidCommand) }
    }

    @Test func `a room that can't be isn't looked at`() {
        #expect(parse(#""type":"inspect","room":"*""#) == .failure(.invalidRoom))
    }
}
