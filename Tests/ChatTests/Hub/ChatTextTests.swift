import Testing

@testable import Chat

@Suite struct ChatTextTests {
    private func limits(_ username: Int = 32, text: Int = 2_000) -> ChatLimits {
        var limits = ChatLimits()
        limits.usernameCharacters = username
        limits.textCharacters = text
        return limits
    }

    @Test(arguments: [
        ("ann", "ann"), ("a", "a"), (" ann ", "ann"), ("\t\nann b\r\u{85}", "ann b"),
        ("\u{3000}安\u{A0}", "安"), ("\u{2028}é\u{301}", "é\u{301}"), ("👩‍👩‍👧", "👩‍👩‍👧"),
        ("a\u{200B}", "a\u{200B}"), ("~!", "~!"),
    ])
    func `valid user names are accepted and trimmed`(username: String, checked: String) throws {
        let result = try ChatText.checkedUsername(username, limits: limits())
        #expect(Array(result.unicodeScalars) == Array(checked.unicodeScalars))
    }

    @Test(arguments: [
        "", " ", "\t \u{3000}", "\u{200B}", "\u{200D}\u{FE0F}", " \u{2060} ", "\u{AD}",
    ])
    func `a user name without a visible character is refused`(username: String) {
        #expect(throws: Refusal.usernameEmpty) {
            try ChatText.checkedUsername(username, limits: limits())
        }
    }

    @Test(arguments: [0x00, 0x09, 0x0A, 0x1F, 0x7F, 0x80, 0x85, 0x9F] as [UInt32])
    func `a user name with a control character is refused`(value: UInt32) throws {
        let scalar = try #require(Unicode.Scalar(value))
        #expect(throws: Refusal.controlCharacter(scalar)) {
            try ChatText.checkedUsername("a\(scalar)b", limits: limits())
        }
    }

    @Test func `control characters are those of general category Cc`() {
        for value in (0..<0x3000) as Range<UInt32> {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let isControl = scalar.properties.generalCategory == .control
            let refusal = Result { () throws(Refusal) in
                try ChatText.checkedUsername("a\(scalar)b", limits: limits())
            }
            #expect(
                refusal
                    == (isControl ? .failure(.controlCharacter(scalar)) : .success("a\(scalar)b")))
        }
    }

    @Test(arguments: ["a", "é", "€", "😀", "\u{301}"])
    func `the limits count scalars`(character: String) throws {
        let fits = "x" + String(repeating: character, count: 31)
        #expect(try ChatText.checkedUsername(fits, limits: limits()) == fits)
        #expect(throws: Refusal.usernameTooLong(33, limit: 32)) {
            try ChatText.checkedUsername(fits + character, limits: limits())
        }
        let text = "x" + String(repeating: character, count: 1_999)
        #expect(try ChatText.checkedMessage(text, limits: limits()) == text)
        #expect(throws: Refusal.messageTooLong(2_001, limit: 2_000)) {
            try ChatText.checkedMessage(text + character, limits: limits())
        }
    }

    @Test func `white space around a name doesn't count`() throws {
        let padded = String(repeating: " ", count: 40) + "ann" + String(repeating: "\t", count: 40)
        #expect(try ChatText.checkedUsername(padded, limits: limits(3)) == "ann")
    }

    @Test func `a limit of 0 is switched off`() throws {
        let long = String(repeating: "é", count: 100_000)
        #expect(try ChatText.checkedUsername(long, limits: limits(0)) == long)
        #expect(try ChatText.checkedMessage(long, limits: limits(text: 0)) == long)
    }

    @Test(arguments: [
        "hi", " hi\n", "\u{1}", ".", "\u{200B}a", "\u{FEFF}é\u{200D}", "\u{301}", "❤️", "\u{2028}x",
    ])
    func `messages pass unchanged`(message: String) throws {
        let checked = try ChatText.checkedMessage(message, limits: limits())
        #expect(Array(checked.unicodeScalars) == Array(message.unicodeScalars))
    }

    @Test(arguments: [
        "", " ", "\n\t\r ", "\u{A0}\u{2003}\u{3000}", "\u{200B}", "\u{FEFF} \u{200D}", "\u{FE0F}",
        "\u{3164}", "\u{2060}\u{AD}", "\u{E0001}",
    ])
    func `a blank message is refused`(message: String) {
        #expect(throws: Refusal.messageEmpty) {
            try ChatText.checkedMessage(message, limits: limits())
        }
    }
}
