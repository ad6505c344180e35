import Chat
import Reactor
import Testing

@testable import ChatServer

@Suite struct ClockTests {
    private static let millisecond: UInt64 = 1_000_000

    private static func instant(_ milliseconds: UInt64) -> Instant {
        Instant(nanoseconds: milliseconds * millisecond)
    }

    private static func ack(_ time: TimestampText) -> [UInt8] {
        var bytes: [UInt8] = []
        EventWriter.ack(id: nil, room: .lobby, seq: 1, time: time, into: &bytes)
        return bytes
    }

    @Test(
        arguments: [
            (1_000, 1_000, false), (1_000, 1_249, false), (1_000, 1_250, true),
            (1_249, 1_250, true), (1_249, 1_499, true), (1_250, 60_000, true),
        ] as [(UInt64, UInt64, Bool)])
    func `a tick reports whether a step of the coarse clock has passed`(
        before: UInt64, after: UInt64, hasStepped: Bool
    ) {
        var clock = Clock(start: Self.instant(before))
        let wall = Timestamp(milliseconds: 5)
        #expect(
            clock.tickBegan(at: Self.instant(after), wall: wall, waited: nil) == hasStepped)
        #expect(clock.now == Self.instant(after))
        #expect(clock.coarse == CoarseTime(Self.instant(after)))
        #expect(clock.wall == wall)
        // At the same time again, no step has passed.
        #expect(clock.tickBegan(at: Self.instant(after), wall: wall, waited: nil) == false)
    }

    @Test func `the reactor's own time leaves out the time for which the process stood still`() {
        var clock = Clock(start: Self.instant(1_000))
        let wall = Timestamp(milliseconds: 0)
        #expect(clock.tickBegan(at: Self.instant(17_000), wall: wall, waited: 10) == true)
        #expect(clock.standstill == 15_750 * Self.millisecond)
        #expect(clock.now == Self.instant(1_250))
        #expect(clock.coarse == CoarseTime(clock.now))
        #expect(clock.moment(Self.instant(17_004)) == Self.instant(1_254))
        // The load and a tick's duration are of the monotonic clock.
        #expect(clock.tickEnded(at: Self.instant(17_006)) == 6 * Self.millisecond)
    }

    @Test func `a tick takes the time from its start to its end`() {
        var clock = Clock(start: Self.instant(0))
        _ = clock.tickBegan(
            at: Self.instant(40), wall: Timestamp(milliseconds: 0), waited: nil)
        #expect(clock.tickEnded(at: Self.instant(47)) == 7 * Self.millisecond)
    }

    @Test(arguments: [0, 1, 5, 10] as [UInt64])
    func `the load is the share of the time within ticks`(busy: UInt64) {
        var clock = Clock(start: Self.instant(0))
        #expect(clock.load == 0)
        for tick in 1...500 as ClosedRange<UInt64> {
            let end = Self.instant(tick * 10)
            let start = Instant(nanoseconds: end.nanoseconds - busy * Self.millisecond)
            _ = clock.tickBegan(at: start, wall: Timestamp(milliseconds: 0), waited: nil)
            _ = clock.tickEnded(at: end)
        }
        #expect(clock.load == busy * 1_024 / 10)
    }

    @Test func `a line's time has the same text, whichever was requested before`() {
        var clock = Clock(start: Self.instant(0))
        let times: [Int64] = [
            0, 1, 999, 1_000, 1_769_860_800_123, 1_769_860_800_999, 1_769_860_800_124,
            1_769_860_799_999, 7,
        ]
        for milliseconds in times {
            let time = Timestamp(milliseconds: milliseconds)
            #expect(Self.ack(clock.text(of: time)) == Self.ack(TimestampText(time)))
        }
    }

    @Test(
        arguments: [
            (784_111_777_000, "Sun, 06 Nov 1994 08:49:37 GMT"),
            (784_111_777_999, "Sun, 06 Nov 1994 08:49:37 GMT"),
            (784_111_778_000, "Sun, 06 Nov 1994 08:49:38 GMT"),
        ] as [(Int64, String)])
    func `the date is that of the wall clock`(milliseconds: Int64, date: String) {
        var clock = Clock(start: Self.instant(0))
        _ = clock.tickBegan(
            at: Self.instant(1), wall: Timestamp(milliseconds: 784_111_777_500), waited: nil)
        _ = clock.standingFields(statesCaching: true)
        _ = clock.tickBegan(
            at: Self.instant(2), wall: Timestamp(milliseconds: milliseconds), waited: nil)
        let lines = clock.standingFields(statesCaching: true)
        #expect(
            String(decoding: lines, as: UTF8.self)
                == "Date: \(date)\r\nX-Content-Type-Options: nosniff\r\n")
        #expect(
            clock.standingFields(statesCaching: false)
                == lines + Array("Cache-Control: no-store\r\n".utf8))
    }
}
