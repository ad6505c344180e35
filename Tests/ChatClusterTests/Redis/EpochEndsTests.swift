import Chat
import Testing

@testable import ChatCluster

@Suite struct EpochEndsTests {
    private static func epoch(_ number: UInt64) -> Epoch { Epoch(number: number) }

    private static func ends(
        _ recorded: [(UInt64, UInt64)], own: UInt64?, epochs: [UInt64], last: UInt64
    ) -> [EpochEnd] {
        EpochEnds.ends(
            recorded: recorded.map { EpochEnd(epoch: epoch($0.0), seq: $0.1) },
            own: own.map(epoch), epochs: epochs.map(epoch), current: epoch(epochs.last ?? 0),
            lastSeq: last)
    }

    private static func pairs(_ ends: [EpochEnd]) -> [String] {
        ends.map { "\($0.epoch.text) \($0.seq)" }
    }

    @Test func `a room without a line has no numbers in any epoch`() {
        #expect(Self.pairs(Self.ends([], own: nil, epochs: [1, 2, 3], last: 0)) == ["1 0", "2 0"])
    }

    @Test func `the epoch of the last line ends with it`() {
        #expect(Self.pairs(Self.ends([], own: 1, epochs: [1, 2], last: 40)) == ["1 40"])
        #expect(Self.pairs(Self.ends([], own: 2, epochs: [1, 2], last: 40)) == ["1 0"])
    }

    @Test func `an epoch without a line ends where the one before it does`() {
        #expect(
            Self.pairs(Self.ends([(2, 40)], own: 4, epochs: [1, 2, 3, 4], last: 90))
                == ["1 0", "2 40", "3 40"])
        #expect(
            Self.pairs(Self.ends([(1, 40)], own: 2, epochs: [1, 2, 3, 4], last: 90))
                == ["1 40", "2 90", "3 90"])
    }

    @Test func `epochs that only the room knows come first`() {
        #expect(
            Self.pairs(Self.ends([(1, 5)], own: 2, epochs: [2, 3], last: 40))
                == ["1 5", "2 40"])
        #expect(Self.pairs(Self.ends([], own: 1, epochs: [2, 3], last: 40)) == ["2 0", "1 40"])
    }
}
