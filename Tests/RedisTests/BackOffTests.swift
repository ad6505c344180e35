import Testing

@testable import Redis

@Suite struct BackOffTests {
    @Test func `pauses double up to a limit, and begin anew after success`() {
        var backOff = BackOff()
        for bound: UInt64 in [50, 100, 200, 400, 800, 1_000, 1_000] {
            let pause = backOff.failed()
            #expect(bound / 2...bound ~= pause)
        }
        backOff.succeeded()
        #expect(backOff.failed() <= 50)
    }
}
