import Chat
import Reactor
import Testing

@testable import ChatServer

@Suite struct CoalescingTests {
    private static let millisecond: UInt64 = 1_000_000

    private static func time(_ milliseconds: UInt64) -> Instant {
        Instant(nanoseconds: milliseconds * millisecond)
    }

    @Test func `a reactor that is busy less than half of the time holds nothing`() {
        #expect(!RoomStreams.holdsBatches(load: 0))
        #expect(!RoomStreams.holdsBatches(load: 512))
        #expect(RoomStreams.holdsBatches(load: 513))
    }

    @Test(
        arguments: [
            (512, 4, 0), (640, 4, 2), (768, 4, 4), (1_024, 4, 8), (1_024, 10, 20), (1_024, 11, 20),
            (1_024, 500, 20), (1_024, 0, 0),
        ] as [(UInt64, UInt64, UInt64)])
    func `a busier reactor waits longer after a fan-out, up to twice its time`(
        load: UInt64, took: UInt64, hold: UInt64
    ) {
        var parts = Parts()
        let room = parts.enter(parts.connect(.rich))
        parts.streams.fannedOut(
            room, from: Self.time(100), to: Self.time(100 + took), load: load,
            limits: parts.limits)
        let end = 100 + took + hold
        #expect(parts.streams.isHeld(room, at: Self.time(end)) == false)
        let before = Instant(nanoseconds: Self.time(end).nanoseconds - 1)
        #expect(parts.streams.isHeld(room, at: before) == true)
    }

    @Test func `a limit of 0 switches holding off`() {
        var limits = Limits()
        limits.coalesce = 0
        var parts = Parts(limits)
        let room = parts.enter(parts.connect(.rich))
        parts.streams.fannedOut(
            room, from: Self.time(0), to: Self.time(50), load: 1_024, limits: limits)
        #expect(parts.streams.isHeld(room, at: Self.time(50)) == false)
    }

    @Test func `the wait ends when the first batch may be sealed`() {
        var parts = Parts()
        let rooms = ["a", "b", "c"].compactMap { RoomName($0) }.map { name in
            parts.enter(parts.connect(.rich), name)
        }
        #expect(parts.streams.millisecondsHeld(at: Self.time(0)) == nil)
        for (place, took) in [(0, 9), (1, 5), (2, 1)] as [(Int, UInt64)] {
            parts.streams.fannedOut(
                rooms[place], from: Self.time(0), to: Self.time(took), load: 1_024,
                limits: parts.limits)
        }
        // The third has no line.
        for room in rooms[..<2] { parts.say("one", in: room) }
        #expect(parts.streams.millisecondsHeld(at: Self.time(5)) == 10)
        let now = Instant(nanoseconds: Self.time(6).nanoseconds - 1)
        #expect(parts.streams.millisecondsHeld(at: now) == 10)
        #expect(parts.streams.millisecondsHeld(at: Self.time(15)) == 0)
        #expect(parts.streams.millisecondsHeld(at: Self.time(99)) == 0)
    }

    @Test func `nothing is held once no batch may wait longer`() {
        var parts = Parts()
        let room = parts.enter(parts.connect(.rich))
        parts.streams.fannedOut(
            room, from: Self.time(0), to: Self.time(5), load: 1_024, limits: parts.limits)
        parts.say("one", in: room)
        #expect(parts.streams.isHeld(room, at: Self.time(5)) == true)
        parts.streams.release()
        #expect(parts.streams.isHeld(room, at: Self.time(5)) == false)
    }
}
