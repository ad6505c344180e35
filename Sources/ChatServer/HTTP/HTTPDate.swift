internal import Chat

/// The value of the `Date` field (RFC 9110 section 5.6.7).
enum HTTPDate {
    private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// For instance `Sun, 06 Nov 1994 08:49:37 GMT`. `second` counts from 1970.
    static func text(at second: Int64) -> String {
        let (year, month, day) = Timestamp(milliseconds: second * 1_000).date
        let weekday = days[Int(second / 86_400 % 7)]
        let clock = [second / 3_600 % 24, second / 60 % 60, second % 60].map(twoDigits)
        return "\(weekday), \(twoDigits(Int64(day))) \(months[Int(month) - 1]) \(year) "
            + clock.joined(separator: ":") + " GMT"
    }

    private static func twoDigits(_ number: Int64) -> String {
        number < 10 ? "0\(number)" : "\(number)"
    }
}
