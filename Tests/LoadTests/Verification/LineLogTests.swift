import Reactor
import Testing
import WebSocket

@testable import hubbub_load

@Suite struct LineLogTests {
    private static func message(_ counter: Int) -> [UInt8] {
        Array(repeating: UInt8(truncatingIfNeeded: counter), count: counter * 7 % 40)
    }

    private static func log(lines: Int, ringBytes: Int) -> LineLog {
        var log = LineLog(ringBytes: ringBytes)
        for counter in 0..<lines {
            log.insert(
                LineID(sender: 0, counter: counter), due: Instant(nanoseconds: UInt64(counter)),
                message: message(counter).span, at: log.endIndex)
        }
        return log
    }

    /// A helper, because spans don't pass through the macro.
    private static func holds(_ log: LineLog, _ message: [UInt8], at position: Int) -> Bool {
        log.holds(message.span, at: position)
    }

    @Test(arguments: [1, 39, 40, 100, 4096])
    func `a line is known while the ring holds it`(ringBytes: Int) {
        let log = Self.log(lines: 100, ringBytes: ringBytes)
        let known = (0..<100).filter { Self.holds(log, Self.message($0), at: $0) }
        // A frame that doesn't fit before the ring's end leaves a hole of up to 41 bytes there.
        let certain = (0..<100).filter { counter in
            let bytes = (counter..<100).map { Self.message($0).count + 2 }.reduce(0, +)
            return bytes + 41 * (bytes / ringBytes + 1) <= ringBytes
        }
        #expect(Set(known).isSuperset(of: certain))
        #expect(ringBytes < 4096 || known.count == 100)
        #expect(ringBytes >= 100 || known.count < 10)
    }

    @Test func `other bytes aren't held`() {
        let log = Self.log(lines: 10, ringBytes: 4096)
        #expect(!Self.holds(log, Self.message(4), at: 5))
        #expect(!Self.holds(log, Self.message(10), at: 10))
    }

    @Test(arguments: [0, 125, 126, 65_535, 65_536])
    func `frames of any length match, and other bytes don't`(length: Int) {
        var log = LineLog(ringBytes: 1 << 18)
        let message = [UInt8](repeating: 7, count: length)
        log.insert(
            LineID(sender: 0, counter: 0), due: Instant(nanoseconds: 1), message: message.span,
            at: 0)
        var input: [UInt8] = [0xFF]
        FrameEncoder.append(.text, message.span, to: &input)
        let end = log.match(input.span, at: 1, position: 0)?.end
        #expect(end == input.count)
        for index in [1, input.count - 1] {
            var changed = input
            changed[index] ^= 1
            let found = log.match(changed.span, at: 1, position: 0)?.end
            #expect(found == nil)
        }
        let cut = log.match(input.span.extracting(..<(input.count - 1)), at: 1, position: 0)?.end
        #expect(cut == nil)
    }

    @Test func `the digest distinguishes orders, whatever was dropped`() {
        var log = Self.log(lines: 10, ringBytes: 64)
        let whole = log.digest
        log.drop(before: 6)
        #expect(log.digest == whole)
        var swapped = Self.log(lines: 10, ringBytes: 64)
        swapped.partition(3...4, moving: [true, false])
        #expect(swapped.digest != whole)
    }

    @Test func `positions stay when lines are dropped and move when one is inserted`() {
        var log = Self.log(lines: 10, ringBytes: 4096)
        log.drop(before: 6)
        #expect((log.startIndex, log.endIndex) == (6, 10))
        #expect(log[6].id.counter == 6)
        #expect(Self.holds(log, Self.message(7), at: 7))
        log.insert(
            LineID(sender: 1, counter: 0), due: Instant(nanoseconds: 0),
            message: Self.message(50).span, at: 7)
        #expect(log.firstIndex(of: LineID(sender: 1, counter: 0), from: 6) == 7)
        #expect(log.firstIndex(of: LineID(sender: 0, counter: 7), from: 6) == 8)
        #expect(log.firstIndex(of: LineID(sender: 0, counter: 6), from: 7) == nil)
    }
}
