import Testing

@testable import hubbub_load

@Suite struct LimitSearchTests {
    /// A server whose p99 is 1 ms up to its limit and rises steeply above it.
    private static func search(
        from rate: Double, limit: Double, ours: Double = .infinity
    ) -> LimitSearch.Result {
        var search = LimitSearch(from: rate, targetP99: 50)
        while let rate = search.next {
            let p99 = rate <= limit ? 1 : 1 + (rate - limit) * 1_000
            search.took(p99: p99, unsent: rate > ours ? 9 : 0, isClean: true)
        }
        return search.result
    }

    @Test(arguments: [3.0, 20, 21, 77, 1_000, 12_345, 300_000])
    func `the limit of a server is found to a few percent`(limit: Double) throws {
        let result = Self.search(from: 20, limit: limit)
        let rate = try #require(result.rate)
        #expect(rate <= limit + 0.05)
        #expect(rate >= limit * 0.9)
        #expect(!result.isOurs)
        #expect(result.steps.count <= 32)
    }

    @Test func `a server that holds no rate ends the search`() {
        let result = Self.search(from: 20, limit: 0)
        #expect(result.rate == nil)
        #expect(result.steps.count < 20)
    }

    @Test func `a limit of this program is reported as ours`() {
        let result = Self.search(from: 100, limit: .infinity, ours: 1_000)
        #expect(result.isOurs)
        #expect(result.rows.last?.text.contains("this program") == true)
    }

    @Test func `a rate that isn't held once is tried again`() {
        var search = LimitSearch(from: 20, targetP99: 50)
        search.took(p99: 80, unsent: 0, isClean: true)
        #expect(search.next == 20)
        search.took(p99: 8, unsent: 0, isClean: true)
        #expect(search.next == 40)
    }

    @Test func `a rate at which lines don't arrive isn't held`() {
        var search = LimitSearch(from: 20, targetP99: 50)
        for _ in 0..<2 { search.took(p99: nil, unsent: 0, isClean: true) }
        #expect(search.next == 10)
        for _ in 0..<2 { search.took(p99: 1, unsent: 0, isClean: false) }
        #expect(search.next == 5)
    }
}
