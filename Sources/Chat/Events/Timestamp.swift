/// A point in time as clients see it: milliseconds since the start of 1970 in UTC, up to the end of
/// the year 9999, the last that RFC 3339 can express. Values outside are clamped.
public struct Timestamp: Hashable, Comparable, Sendable {
    private static let latest: Int64 = 253_402_300_799_999

    /// The length of the text, in bytes.
    static let length = 24

    public let milliseconds: Int64

    public init(milliseconds: Int64) {
        self.milliseconds = min(max(milliseconds, 0), Self.latest)
    }

    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.milliseconds < right.milliseconds
    }

    /// Appends the RFC 3339 text in UTC, `2026-01-31T12:00:00.123Z`.
    public func append(to buffer: inout [UInt8]) {
        let text = TimestampText(self)
        buffer.append(addingCapacity: Self.length) { text.append(to: &$0) }
    }

    /// The year, month (1 to 12) and day (1 to 31) in UTC.
    public var date: (year: UInt64, month: UInt64, day: UInt64) {
        Self.date(days: UInt64(milliseconds) / 86_400_000)
    }

    /// The Gregorian date `days` after 1 January 1970.
    ///
    /// Years are counted from March, so that a leap day is the last of its year, in eras of 400
    /// years, which all have 146 097 days. (Howard Hinnant, "chrono-Compatible Low-Level Date
    /// Algorithms", `civil_from_days`.)
    static func date(days: UInt64) -> (year: UInt64, month: UInt64, day: UInt64) {
        let (era, dayOfEra) = (days + 719_468).quotientAndRemainder(dividingBy: 146_097)
        let yearOfEra =
            (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (400 * era + yearOfEra + (month <= 2 ? 1 : 0), month, day)
    }
}
