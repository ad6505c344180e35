import Foundation
import Testing

@testable import hubbub

/// The article about the configuration says which settings can't change while the daemon runs.
@Suite struct ReloadTableTests {
    @Test func `the settings that need a restart are those in the article`() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let article = root.appending(
            path: "Sources/ChatServer/ChatServer.docc/Configuration.md")
        let rows = try String(contentsOf: article, encoding: .utf8).split(separator: "\n")
            .filter { $0.hasSuffix("| needs a restart |") }
        let named = rows.flatMap { $0.split(separator: "`").filter { !$0.contains(" ") } }
            .filter { !$0.contains("|") && !$0.contains(",") }
        #expect(Set(named.map(String.init)) == Set(Schema.nodes.filter(\.isFixed).map(\.key)))
    }
}
