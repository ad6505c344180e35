import Chat
import Reactor
import Testing

@testable import ChatServer

@Suite struct DeliveryMeterTests {
    private static func at(_ milliseconds: UInt64) -> Instant {
        Instant(nanoseconds: milliseconds * 1_000_000)
    }

    private static func batch(_ lines: UInt64) -> SealedBatch {
        SealedBatch(chunks: EncodedChunks(.none), firstSeq: 1, lastSeq: lines)
    }

    /// The tick took one millisecond.
    private static func end(
        _ meter: inout DeliveryMeter, at milliseconds: UInt64, held: Int = 0,
        isInPlace: Bool = true
    ) {
        meter.tickEnded(
            at(milliseconds - 1), at(milliseconds), held: held, isInPlace: isInPlace)
    }

    private static func seconds(_ meter: DeliveryMeter) -> Double {
        Double(meter.histogram.sum) / 1e9
    }

    @Test func `lines that go out at once take as long as their tick`() {
        var meter = DeliveryMeter()
        #expect(!meter.isPending)
        meter.sealed(Self.batch(3))
        meter.sealed(Self.batch(2))
        #expect(meter.isPending)
        Self.end(&meter, at: 10)
        #expect(meter.histogram.count == 5)
        #expect(Self.seconds(meter) == 0.005)
        #expect(!meter.isPending)
    }

    @Test func `lines that are held count from the tick that they arrived in`() {
        var meter = DeliveryMeter()
        Self.end(&meter, at: 10, held: 2)
        #expect(meter.histogram.count == 0)
        Self.end(&meter, at: 15, held: 3)
        #expect(meter.histogram.count == 0)
        meter.sealed(Self.batch(4))
        // One line more has arrived, and all of them go out.
        Self.end(&meter, at: 20)
        #expect(meter.histogram.count == 4)
        #expect(meter.histogram.sum == (11 + 11 + 6 + 1) * 1_000_000)
        #expect(!meter.isPending)
    }

    @Test func `stored lines count from their arrival, and failed ones don't`() {
        var meter = DeliveryMeter()
        meter.submitted(below: 2, at: Self.at(1))
        meter.submitted(below: 3, at: Self.at(3))
        meter.submitted(below: 5, at: Self.at(5))
        meter.answered(through: 2, areStored: true)
        meter.sealed(Self.batch(3))
        Self.end(&meter, at: 11, isInPlace: false)
        #expect(meter.histogram.count == 3)
        #expect(meter.histogram.sum == (10 + 10 + 8) * 1_000_000)
        meter.answered(through: 4, areStored: false)
        Self.end(&meter, at: 20, isInPlace: false)
        #expect(meter.histogram.count == 3)
    }

    @Test func `lines of a room without members don't keep later ones`() {
        var meter = DeliveryMeter()
        meter.submitted(below: 1, at: Self.at(1))
        meter.answered(through: 0, areStored: true)
        Self.end(&meter, at: 2, isInPlace: false)
        #expect(meter.histogram.count == 1)
        #expect(!meter.isPending)
    }
}
