import Reactor
import Testing

@testable import ChatServer

@Suite struct SpareMemoryTests {
    private static func time(_ seconds: UInt32) -> CoarseTime { CoarseTime(steps: seconds * 4) }

    @Test func `memory is given back a while after a crowd has left`() {
        var spare = SpareMemory()
        for bytes in [0, 10 << 20, 30 << 20, 16 << 20] { spare.saw(bytes, at: Self.time(1)) }
        #expect(spare.next == .never)
        spare.saw(14 << 20, at: Self.time(1))
        let due = spare.next
        #expect(due > Self.time(5) && due < Self.time(8))
        spare.saw(1 << 20, at: Self.time(4))
        #expect(spare.next == due)
        spare.postpone(at: due)
        #expect(spare.next > due)
        spare.gaveBack()
        #expect(spare.next == .never)
        spare.saw(1 << 20, at: Self.time(20))
        #expect(spare.next == .never)
    }

    @Test func `a little is never given back`() {
        var spare = SpareMemory()
        spare.saw(4 << 20, at: Self.time(1))
        spare.saw(0, at: Self.time(2))
        #expect(spare.next == .never)
    }
}
