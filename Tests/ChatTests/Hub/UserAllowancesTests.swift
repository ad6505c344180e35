import Testing

@testable import Chat

@Suite struct UserAllowancesTests {
    @Test func `each user has an allowance of its own`() {
        var allowances = UserAllowances()
        let waits = ["a", "a", "b", "a"].map { allowances.take($0, rate: 1, burst: 2, at: 0) }
        #expect(waits == [nil, nil, nil, 1_000])
    }

    @Test func `users differ by their bytes`() {
        var allowances = UserAllowances()
        let waits = ["\u{E9}", "e\u{301}"].map { allowances.take($0, rate: 1, burst: 1, at: 0) }
        #expect(waits == [nil, nil])
    }

    @Test func `users that have paused are forgotten`() {
        var allowances = UserAllowances()
        for number in 0..<10_000 {
            _ = allowances.take("\(number)", rate: 1, burst: 1, at: UInt64(number))
        }
        #expect(allowances.count < 2_500)
        #expect(allowances.take("9999", rate: 1, burst: 1, at: 10_000) == 999)
    }

    @Test func `there is a limit to those that are remembered`() {
        var allowances = UserAllowances()
        for number in 0..<200_000 { _ = allowances.take("\(number)", rate: 1, burst: 1, at: 0) }
        #expect(allowances.count <= 131_072)
    }

    @Test func `without a rate nobody is remembered`() {
        var allowances = UserAllowances()
        #expect(allowances.take("a", rate: 0, burst: 1, at: 0) == nil)
        #expect(allowances.count == 0)
    }
}
