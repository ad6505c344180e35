import Chat
import Testing

@Suite("Pages of a room")
struct PageTests {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    @Test(
        "A page holds what was asked for",
        arguments: [
            (1, 10, 1...10), (4, 6, 4...6), (5, 5, 5...5), (0, 2, 1...2), (9, .max, 9...10),
            (.min, .max, 1...10),
        ] as [(UInt64, UInt64, ClosedRange<UInt64>)])
    func range(from: UInt64, through: UInt64, expected: ClosedRange<UInt64>) throws {
        let store = StoreHarness(directory)
        _ = try store.append(Draft.lines(1...10))
        let page = try #require(try store.page(from: from, through: through))
        #expect(page.lines.map(\.seq) == Array(expected))
        #expect(page.lines.map(\.message) == expected.map { "\($0)" })
        #expect(page.oldest == 1)
    }

    @Test(
        "A page of nothing is empty",
        arguments: [(11, 20), (.max, .max), (6, 5)] as [(UInt64, UInt64)])
    func empty(from: UInt64, through: UInt64) throws {
        let store = StoreHarness(directory)
        _ = try store.append(Draft.lines(1...10))
        #expect(try store.page(from: from, through: through)?.lines == [])
        #expect(
            try store.page(RoomName(1), from: from, through: through)
                == HistoryPage(lines: [], oldest: 1))
    }

    @Test("A page ends at the limit of lines")
    func lineLimit() throws {
        let store = StoreHarness(directory)
        _ = try store.append(Draft.lines(1...600))
        let first = try #require(try store.page())
        #expect(first.lines.map(\.seq) == Array(1...UInt64(HistoryPage.lineLimit)))
        let rest = try #require(try store.page(from: 513))
        #expect(rest.lines.map(\.seq) == Array(513...600))
    }

    @Test("A page ends with the line that takes it past the limit of bytes")
    func byteLimit() throws {
        let store = StoreHarness(directory)
        let half = String(repeating: "x", count: HistoryPage.byteLimit / 2)
        let whole = String(repeating: "y", count: HistoryPage.byteLimit * 2)
        _ = try store.append([half, half, "z", whole, "z"].map { .line($0) })
        // Two halves and the names are past it.
        #expect(try store.page()?.lines.map(\.seq) == [1, 2])
        #expect(try store.page(from: 3)?.lines.map(\.seq) == [3, 4])
        #expect(try store.page(from: 4)?.lines.map(\.seq) == [4])
    }
}
