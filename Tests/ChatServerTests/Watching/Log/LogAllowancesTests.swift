import Testing

@testable import ChatServer

@Suite struct LogAllowancesTests {
    @Test func `a few entries pass at once, and then one each two seconds`() {
        var allowances = LogAllowances()
        var passed: [UInt64] = []
        for millisecond in 0..<60_000 as Range<UInt64>
        where allowances.admit("flood", at: millisecond) != nil { passed.append(millisecond) }
        #expect(passed.count { $0 < 1_000 } == 10)
        #expect(passed.count == 10 + 29)
        #expect(zip(passed.dropFirst(10), passed.dropFirst(11)).allSatisfy { $1 - $0 >= 2_000 })
    }

    @Test func `no entry is lost without being counted`() {
        var allowances = LogAllowances()
        var (passed, omitted) = (0 as UInt64, 0 as UInt64)
        for millisecond in 0..<10_000 as Range<UInt64> {
            guard let before = allowances.admit("flood", at: millisecond) else { continue }
            passed += 1
            omitted += before
        }
        #expect(allowances.takeLeft(at: 10_000) == [])
        let left = allowances.takeLeft(at: 20_000)
        #expect(left.map(\.kind) == ["flood"])
        #expect(passed + omitted + left.reduce(0) { $0 + $1.count } == 10_000)
        #expect(allowances.takeLeft(at: 20_000) == [])
        #expect(allowances.admit("flood", at: 30_000) == 0)
    }

    @Test func `a flood of one kind takes nothing from another one`() {
        var allowances = LogAllowances()
        for _ in 0..<1_000 { _ = allowances.admit("flood", at: 1) }
        #expect(allowances.admit("flood", at: 1) == nil)
        #expect(allowances.admit("other", at: 1) == 0)
    }

    @Test func `kinds are forgotten, and too many of them share an allowance`() {
        var allowances = LogAllowances()
        let passed = (0..<1_000).count { allowances.admit("kind \($0)", at: 1) != nil }
        #expect(passed == LogAllowances.kinds + LogAllowances.burst)
        #expect(allowances.admit("new", at: 1) == nil)
        #expect(allowances.admit("newer", at: 20_000) == 0)
        #expect(allowances.takeLeft(at: 20_000).map(\.kind) == ["Other entries"])
    }
}
