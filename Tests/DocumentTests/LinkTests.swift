import Foundation
import Testing

/// No link of a document is dead. Addresses on the web are not visited.
@Suite struct LinkTests {
    @Test(arguments: Document.all)
    func `relative links and images have a target`(_ document: Document) {
        for match in document.prose.matches(of: /\]\(([^)\s]+)\)/) {
            let target = String(match.output.1)
            guard !target.hasPrefix("http"), !target.hasPrefix("doc:") else { continue }
            #expect(Self.leads(target, from: document), "\(document.path): \(target)")
        }
    }

    @Test(arguments: Document.all.filter { $0.module != nil })
    func `links to articles have a target`(_ document: Document) {
        for match in document.prose.matches(of: /<doc:([\w-]+)(?:#([^>]+))?>/) {
            let article = Document.all.first { other in
                other.module == document.module && other.path.hasSuffix("/\(match.output.1).md")
            }
            let place = "\(document.path): \(match.output.0)"
            #expect(article != nil, "\(place)")
            if let anchor = match.output.2 {
                #expect(article?.anchors.contains(String(anchor)) ?? false, "\(place)")
            }
        }
    }

    @Test(arguments: Document.all.filter { $0.module != nil })
    func `links to symbols lead to public declarations`(_ document: Document) throws {
        let module = try #require(document.module)
        let declarations = try Declarations(of: module)
        // An extension has the name of the type that it documents.
        let owner = document.text.firstMatch(of: /^# ``\w+\/(\w+)``/).map { String($0.output.1) }
        for match in document.prose.matches(of: /``([^`]+)``/) where match.output.1 != module {
            let path = match.output.1.split(separator: "/").map(String.init)
            let place = "\(document.path): \(match.output.0)"
            let names = path.first == module ? Array(path.dropFirst()) : path
            let isFound = declarations.contains(names, in: owner)
            #expect(isFound, "\(place)")
        }
    }

    @Test func `a dead link is found`() throws {
        let document = Document(
            path: "Sources/Chat/Chat.docc/Example.md",
            text: "# Example\n\n## One heading\n\n[a](Chat.md) [b](Chap.md) [c](#one-heading)")
        #expect(Self.leads("Chat.md", from: document))
        #expect(!Self.leads("Chap.md", from: document))
        #expect(!Self.leads("Chat.md#No-such-heading", from: document))
        #expect(Self.leads("#one-heading", from: document))
        let declarations = try Declarations(of: "Chat")
        for names in [["Hub"], ["Hub", "drafted(_:by:as:at:time:)"], ["Hub", "roomCount"]] {
            let isFound = declarations.contains(names, in: nil)
            #expect(isFound, "\(names)")
        }
        for names in [["Hubs"], ["Hub", "drafted(_:)"], ["Room", "roomCounts"]] {
            let isFound = declarations.contains(names, in: nil)
            #expect(!isFound, "\(names)")
        }
    }

    private static func leads(_ target: String, from document: Document) -> Bool {
        let parts = target.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        let path = String(parts[0])
        var other: Document? = document
        if !path.isEmpty {
            // DocC finds pictures by name.
            let candidates = [path, "Resources/\(path)"].map {
                document.folder.appending(path: $0).standardizedFileURL
            }
            let found = candidates.first { FileManager.default.fileExists(atPath: $0.path) }
            guard let found else { return false }
            other = Document.all.first {
                $0.path == found.path.dropFirst(Document.root.path.count + 1)
            }
        }
        guard parts.count > 1 else { return true }
        return other?.anchors.contains(String(parts[1])) ?? false
    }
}
