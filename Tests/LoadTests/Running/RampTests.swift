import Reactor
import Testing

@testable import hubbub_load

@Suite struct RampTests {
    private static func seconds(_ number: Int, rate: Double, ramp: Double) -> Double {
        let ramp = Ramp(start: Instant(nanoseconds: 1_000), rate: rate, seconds: ramp)
        return Double(ramp.due(number).nanoseconds - 1_000) / 1e9
    }

    @Test func `without a ramp connections are due at even intervals`() {
        #expect((0..<4).map { Self.seconds($0, rate: 10, ramp: 0) } == [0, 0.1, 0.2, 0.3])
    }

    @Test func `without a rate all connections are due at once`() {
        #expect(Self.seconds(99, rate: 0, ramp: 0) == 0)
    }

    /// At 100 a second, a ramp of 4 seconds brings 200 connections.
    @Test(arguments: [(50, 2.0), (200, 4), (300, 5), (400, 6)])
    func `the rate rises evenly and then stays`(number: Int, seconds: Double) {
        #expect(abs(Self.seconds(number, rate: 100, ramp: 4) - seconds) < 0.000_001)
    }
}
