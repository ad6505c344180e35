internal import Chat

/// The value of the `Date` field (RFC 9110 section 5.6.7), made once a second.
struct HTTPDate {
    private var second: Int64 = .min
    private var text = ""

    private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// For instance `Sun, 06 Nov 1994 08:49:37 GMT`. `milliseconds` counts from 1970.
    mutating func text(at milliseconds: Int64) -> String {
        let now = milliseconds / 1_000
        guard now != second else { return text }
        second = now
        let (year, month, day) = Timestamp(milliseconds: milliseconds).date
        let weekday = Self.days[Int(now / 86_400 % 7)]
        let clock = [now / 3_600 % 24, now / 60 % 60, now % 60].map(Self.twoDigits)
        text =
            "\(weekday), \(Self.twoDigits(Int64(day))) \(Self.months[Int(month) - 1]) \(year) "
            + clock.joined(separator: ":") + " GMT"
        return text
    }

    private static func twoDigits(_ number: Int64) -> String {
        number < 10 ? "0\(number)" : "\(number)"
    }
}
