import Foundation
import TestSupport
import Testing

@testable import Chat

@Suite struct TimestampTests {
    private func text(_ milliseconds: Int64) -> String {
        var buffer: [UInt8] = []
        Timestamp(milliseconds: milliseconds).append(to: &buffer)
        return String(decoding: buffer, as: UTF8.self)
    }

    @Test(
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"),
            (1, "1970-01-01T00:00:00.001Z"),
            (951_782_399_999, "2000-02-28T23:59:59.999Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (951_868_800_000, "2000-03-01T00:00:00.000Z"),
            (1_769_860_800_123, "2026-01-31T12:00:00.123Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
            (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
            (253_402_300_800_000, "9999-12-31T23:59:59.999Z"),
            (-1, "1970-01-01T00:00:00.000Z"),
            (.min, "1970-01-01T00:00:00.000Z"),
            (.max, "9999-12-31T23:59:59.999Z"),
        ] as [(Int64, String)])
    func `a time is written as in RFC 3339`(milliseconds: Int64, expected: String) {
        #expect(text(milliseconds) == expected)
        #expect(expected.utf8.count == Timestamp.length)
    }

    @Test func `a time's text agrees with Foundation`() throws {
        var calendar = Calendar(identifier: .iso8601)
        calendar.timeZone = try #require(TimeZone(secondsFromGMT: 0))
        var generator = SplitMix64(seed: 1)
        let firstsOfMarch = (1970...9999).compactMap { year in
            calendar.date(from: DateComponents(year: year, month: 3, day: 1))
        }
        #expect(firstsOfMarch.count == 8_030)
        let aroundLeapDays = firstsOfMarch.flatMap { date in
            [-86_401, -86_400, -1, 0].map { Int64(date.timeIntervalSince1970) + $0 }
        }
        let anywhere = (0..<5_000).map { _ in
            Int64.random(in: 0..<253_402_300_800, using: &generator)
        }
        for seconds in aroundLeapDays + anywhere {
            let date = Date(timeIntervalSince1970: TimeInterval(seconds))
            let expected = date.formatted(.iso8601).dropLast() + ".007Z"
            #expect(text(seconds * 1_000 + 7) == expected)
        }
    }

    @Test func `a text moves to any other time`() {
        var generator = SplitMix64(seed: 1)
        var time: Int64 = 951_782_399_000
        var moved = TimestampText(Timestamp(milliseconds: time))
        for _ in 0..<2_000 {
            let reach: Int64 = [3, 1_000, 100_000, 1 << 40].randomElement(using: &generator)!
            time = max(0, time + Int64.random(in: -reach...reach, using: &generator))
            moved.move(to: Timestamp(milliseconds: time))
            var buffer: [UInt8] = []
            buffer.append(addingCapacity: Timestamp.length) { moved.append(to: &$0) }
            #expect(String(decoding: buffer, as: UTF8.self) == text(time))
        }
    }

    @Test func `times are ordered`() {
        #expect(Timestamp(milliseconds: 1) < Timestamp(milliseconds: 2))
        #expect(Timestamp(milliseconds: -5) == Timestamp(milliseconds: 0))
    }
}
