import Chat
import GRDB
import Testing

@Suite struct PageTests {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    @Test(
        arguments: [
            (1, 10, 1...10), (4, 6, 4...6), (5, 5, 5...5), (0, 2, 1...2), (9, .max, 9...10),
            (.min, .max, 1...10),
        ] as [(UInt64, UInt64, ClosedRange<UInt64>)])
    func `a page holds the requested lines`(
        from: UInt64, through: UInt64, expected: ClosedRange<UInt64>
    ) throws {
        let store = StoreHarness(directory)
        _ = try store.append(Draft.lines(1...10))
        let page = try #require(try store.page(from: from, through: through))
        #expect(page.lines.map(\.seq) == Array(expected))
        #expect(page.lines.map(\.message) == expected.map { "\($0)" })
        #expect(page.through == min(through, 10))
        #expect(page.oldest == 1)
    }

    @Test(arguments: [(11, 20), (.max, .max), (6, 5), (1, 0)] as [(UInt64, UInt64)])
    func `a page without lines is empty and covers nothing`(from: UInt64, through: UInt64) throws {
        let store = StoreHarness(directory)
        _ = try store.append(Draft.lines(1...10))
        let page = try #require(try store.page(from: from, through: through))
        #expect(page == RoomPage(lines: [], through: min(through, 10), oldest: 1))
        #expect(page.through < from)
        #expect(
            try store.page(RoomName(1), from: from, through: through)
                == RoomPage(lines: [], through: 0, oldest: 1))
    }

    @Test func `a page ends where somebody has deleted lines, and the next one skips them`() throws
    {
        let store = StoreHarness(directory)
        _ = try store.append(Draft.lines(1...10))
        try directory.edit { try $0.execute(sql: "DELETE FROM line WHERE seq IN (3, 5, 6, 10)") }
        /// The numbers of a page's lines, and the last number that it covers.
        func page(_ from: UInt64, _ through: UInt64) throws -> [UInt64] {
            let page = try #require(try store.page(from: from, through: through))
            return page.lines.map(\.seq) + [page.through]
        }
        #expect(try page(1, 4) == [1, 2, 2])
        #expect(try page(3, 6) == [3])
        #expect(try page(4, 6) == [4, 4])
        #expect(try page(5, 6) == [6])
        #expect(try page(5, 20) == [6])
        #expect(try page(7, 20) == [7, 8, 9, 9])
        #expect(try page(10, 20) == [10])
    }

    @Test func `a page ends at the limit of lines`() throws {
        let store = StoreHarness(directory)
        _ = try store.append(Draft.lines(1...600))
        let first = try #require(try store.page())
        #expect(first.lines.map(\.seq) == Array(1...UInt64(RoomPage.lineLimit)))
        #expect(first.through == UInt64(RoomPage.lineLimit))
        let rest = try #require(try store.page(from: 513))
        #expect(rest.lines.map(\.seq) == Array(513...600))
        #expect(rest.through == 600)
    }

    @Test func `a page ends with the line that exceeds the limit of bytes`() throws {
        let store = StoreHarness(directory)
        let half = String(repeating: "x", count: RoomPage.byteLimit / 2)
        let whole = String(repeating: "y", count: RoomPage.byteLimit * 2)
        _ = try store.append([half, half, "z", whole, "z"].map { .line($0) })
        // The two halves and the names exceed the limit.
        #expect(try store.page()?.lines.map(\.seq) == [1, 2])
        #expect(try store.page()?.through == 2)
        #expect(try store.page(from: 3)?.lines.map(\.seq) == [3, 4])
        #expect(try store.page(from: 4)?.lines.map(\.seq) == [4])
        #expect(try store.page(from: 4)?.through == 4)
    }
}
