/// The RFC 3339 text of a point in time, `2026-01-31T12:00:00.123Z`. It is built once a second;
/// within the second only its milliseconds change.
public struct TimestampText: Sendable {
    private var text = InlineArray<24, UInt8>(repeating: 0)
    /// The start of the second, in milliseconds since 1970, and the milliseconds since that start.
    private var second: Int64
    private var millisecond: Int64 = 0

    public init(_ time: Timestamp) {
        let (seconds, millisecond) = time.milliseconds.quotientAndRemainder(dividingBy: 1_000)
        second = seconds * 1_000
        let (days, ofDay) = UInt64(seconds).quotientAndRemainder(dividingBy: 86_400)
        let (year, month, day) = Timestamp.date(days: days)
        text = Self.template
        put(year / 100, at: 0)
        put(year % 100, at: 2)
        put(month, at: 5)
        put(day, at: 8)
        put(ofDay / 3_600, at: 11)
        put(ofDay / 60 % 60, at: 14)
        put(ofDay % 60, at: 17)
        show(millisecond)
    }

    /// Changes the text to another time.
    public mutating func move(to time: Timestamp) {
        let since = time.milliseconds - second
        if since == millisecond { return }
        if 0..<1_000 ~= since { show(since) } else { self = TimestampText(time) }
    }

    /// Appends the text. There must be room for it.
    @inline(__always)
    func append(to output: inout OutputSpan<UInt8>) {
        output.append(copying: text.span)
    }

    private mutating func show(_ millisecond: Int64) {
        self.millisecond = millisecond
        let (tens, last) = UInt64(millisecond).quotientAndRemainder(dividingBy: 10)
        put(tens, at: 20)
        text[22] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: last)
    }

    private mutating func put(_ number: UInt64, at place: Int) {
        text[place] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: number / 10)
        text[place &+ 1] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: number % 10)
    }

    /// `0000-00-00T00:00:00.000Z`
    private static var template: InlineArray<24, UInt8> {
        [
            0x30, 0x30, 0x30, 0x30, 0x2D, 0x30, 0x30, 0x2D, 0x30, 0x30, 0x54, 0x30, 0x30, 0x3A,
            0x30, 0x30, 0x3A, 0x30, 0x30, 0x2E, 0x30, 0x30, 0x30, 0x5A,
        ]
    }
}

extension TimestampText {
    /// The text as a string.
    var string: String {
        var bytes: [UInt8] = []
        bytes.append(addingCapacity: 24) { append(to: &$0) }
        return String(decoding: bytes, as: UTF8.self)
    }
}
