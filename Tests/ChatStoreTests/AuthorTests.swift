import Chat
import GRDB
import Testing

@testable import ChatStore

/// The authors of lines, in the file.
@Suite struct AuthorTests {
    private static let authors = [
        Author.guest, Author(user: "u1"), Author(user: "a\u{0}\"é", badge: .vip),
        Author(user: "u3", badge: .owner), Author(badge: .system),
    ]

    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func fill() throws {
        let store = StoreHarness(directory)
        let drafts = Self.authors.map { Draft.line("hi", by: $0, key: "k") }
        _ = try store.append(drafts)
        store.store.close()
    }

    @Test func `authors are read as they were stored`() throws {
        try fill()
        let store = StoreHarness(directory)
        let sends = try store.ready().sends
        #expect(
            sends
                == zip(1..., Self.authors).map { number, author in
                    StoredSend(
                        room: .lobby, username: "ann", user: author.user, key: "k", seq: number,
                        time: .start, digest: RecentSends.digest(of: "hi"))
                })
        #expect(try store.page()?.lines.map(\.author) == Self.authors)
    }

    @Test func `authors that somebody has edited are missing`() throws {
        try fill()
        try directory.edit {
            try $0.execute(sql: "UPDATE line SET user = 5.5, role = 77 WHERE seq <= 3")
        }
        let lines = try StoreHarness(directory).page()?.lines ?? []
        #expect(lines.prefix(3).map(\.author.badge) == [nil, nil, nil])
        #expect(lines.map(\.author).suffix(2) == Self.authors.suffix(2))
    }

    @Test func `a file without authors is read`() throws {
        try fill()
        try directory.edit {
            try $0.execute(
                sql: "ALTER TABLE line DROP COLUMN user; ALTER TABLE line DROP COLUMN role")
        }
        let page = try LineArchive(directory: directory.path).page(
            of: .lobby, from: 1, through: .max)
        #expect(page.lines.map(\.author) == Self.authors.map { _ in .guest })
    }
}
