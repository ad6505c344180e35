import Testing

@testable import Chat

@Suite struct TextVectorTests {
    private func limits(_ characters: Int = 2_000) -> ChatLimits {
        var limits = ChatLimits()
        limits.usernameCharacters = characters
        limits.textCharacters = characters
        return limits
    }

    @Test(arguments: TextVectors.table.names)
    func `a name is kept without white space, or refused`(row: [String?]) throws {
        let text = try #require(row[0])
        guard let name = row[1] else {
            #expect(throws: Refusal.usernameEmpty) { try checkedName(text) }
            return
        }
        #expect(Array(try checkedName(text).unicodeScalars) == Array(name.unicodeScalars))
    }

    private func checkedName(_ text: String) throws -> String {
        try ChatText.checkedUsername(text, limits: limits())
    }

    @Test(arguments: TextVectors.table.messages)
    func `a message is seen, or refused`(row: TextVectors.Message) throws {
        let refusal = Result { () throws(Refusal) in
            try ChatText.checkedMessage(row.text, limits: limits())
        }
        #expect(refusal == (row.isVisible ? .success(row.text) : .failure(.messageEmpty)))
    }

    @Test(arguments: TextVectors.table.counts)
    func `characters are Unicode scalars`(row: TextVectors.Count) throws {
        let (text, count) = (row.text, row.characters)
        #expect(try ChatText.checkedMessage(text, limits: limits(count)) == text)
        #expect(try ChatText.checkedUsername(text, limits: limits(count)) == text)
        guard count > 1 else { return }
        #expect(throws: Refusal.messageTooLong(count, limit: count - 1)) {
            try ChatText.checkedMessage(text, limits: limits(count - 1))
        }
        #expect(throws: Refusal.usernameTooLong(count, limit: count - 1)) {
            try ChatText.checkedUsername(text, limits: limits(count - 1))
        }
    }
}
