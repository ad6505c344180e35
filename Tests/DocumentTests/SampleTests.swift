import Testing

/// Every Swift sample of the documents compiles, with warnings as errors.
@Suite struct SampleTests {
    private static let documents = Document.all.filter { !$0.blocks("swift").isEmpty }

    @Test func `the samples are found`() {
        let paths = Self.documents.map(\.path)
        #expect(paths.contains("Sources/Chat/Chat.docc/Chat.md"))
        #expect(paths.contains("Sources/Reactor/Reactor.docc/WritingAServer.md"))
        #expect(paths.contains("Sources/ChatServer/ChatServer.docc/Embedding.md"))
    }

    @Test(arguments: documents)
    func `the samples of a document compile`(_ document: Document) throws {
        let complaints = try Compiler().complaints(about: Self.source(of: document))
        #expect(complaints.isEmpty, "\(complaints)")
    }

    @Test(arguments: [
        "let hub = Hub()", "import Reactor\nfunc f() { _ = Socket(rawValue: \"1\") }",
    ])
    func `a wrong sample is found`(_ code: String) throws {
        let document = Document(path: "Wrong.md", text: "```swift\n\(code)\n```\n")
        let complaints = try Compiler().complaints(about: Self.source(of: document))
        #expect(complaints.contains("Wrong.md:"))
    }

    @Test func `the embedded chat has ten lines, and the echo thirty`() throws {
        let lines = { (path: String, mark: String) in
            let document = Document.all.first { $0.path.hasSuffix(path) }
            let block = document?.blocks("swift").first { block in
                block.lines.contains { $0.contains(mark) }
            }
            return try #require(block).lines.filter { !$0.isEmpty }
        }
        let chat = try lines("Embedding.md", "SQLiteStore(")
        let body = chat.filter { !$0.hasPrefix("import ") && !$0.contains("@main") && $0 != "}" }
        #expect(body.count <= 10)
        let echo = try lines("WritingAServer.md", "ServerSession(")
        #expect(echo.count <= 30)
        #expect(!echo.contains { $0.contains("nsafe") })
    }

    /// The samples of a document as one file, because they may use each other. A document of a
    /// catalog need not import the catalog's own module. Its samples have all other imports.
    private static func source(of document: Document) -> String {
        var parts: [String] = []
        if let module = document.module { parts.append("import \(module)") }
        for block in document.blocks("swift") {
            parts.append("#sourceLocation(file: \"\(document.path)\", line: \(block.line))")
            parts += block.lines
        }
        return parts.joined(separator: "\n") + "\n"
    }
}
