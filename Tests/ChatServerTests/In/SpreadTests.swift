import Testing

@testable import ChatServer

@Suite struct SpreadTests {
    @Test(arguments: [1, 2, 100, 1_000, 60_000, .max] as [UInt64])
    func `every position lies within the window`(window: UInt64) {
        for index in 0..<1_000 { #expect(Spread.place(of: index, in: window) < window) }
    }

    @Test func `an empty window has one position`() {
        #expect(Spread.place(of: 7, in: 0) == 0)
    }

    @Test(arguments: [(0, 100), (0, 1_000), (12_345, 1_000), (0, 10_000)])
    func `each tenth of the window has a tenth of any number`(
        first: Int, count: Int
    ) {
        var tenths = [Int](repeating: 0, count: 10)
        for index in first..<first + count {
            tenths[Int(Spread.place(of: index, in: 1_000) / 100)] += 1
        }
        // Multiples of the golden ratio leave gaps of at most three lengths.
        #expect(tenths.allSatisfy { count / 10 - 3...count / 10 + 3 ~= $0 })
    }
}
