/// Reads the text of a point in time.
extension Timestamp {
    /// Reads a time of RFC 3339, such as `2026-01-31T12:00:00.123Z` or `2026-01-31T13:00:00+01:00`.
    /// Digits behind the milliseconds are dropped. Nil if the text isn't such a time, or if the
    /// year isn't one of 1970 to 9999. Leap seconds aren't known.
    package init?(rfc3339 text: Span<UInt8>) {
        guard var reader = TimeReader(text), let days = reader.days(), reader.take("T", "t", " "),
            let ofDay = reader.ofDay(), let offset = reader.offset(), reader.isAtEnd
        else { return nil }
        self.init(exactly: days * 86_400_000 + ofDay - offset)
    }

    /// The start of a day in UTC, such as `2026-01-31`. Nil as above.
    package init?(date text: Span<UInt8>) {
        guard var reader = TimeReader(text), let days = reader.days(), reader.isAtEnd else {
            return nil
        }
        self.init(exactly: days * 86_400_000)
    }

    private init?(exactly milliseconds: Int64) {
        self.init(milliseconds: milliseconds)
        guard self.milliseconds == milliseconds else { return nil }
    }

    /// The days from 1 January 1970 to a Gregorian date, the inverse of ``date(days:)``. Nil if
    /// there is no such date.
    static func days(year: Int64, month: Int64, day: Int64) -> Int64? {
        guard 1...12 ~= month, day >= 1, year >= 0 else { return nil }
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let longest: Int64 =
            switch month {
            case 2: isLeap ? 29 : 28
            case 4, 6, 9, 11: 30
            default: 31
            }
        guard day <= longest else { return nil }
        let fromMarch = month <= 2 ? year - 1 : year
        let era = (fromMarch >= 0 ? fromMarch : fromMarch - 399) / 400
        let yearOfEra = fromMarch - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }
}

/// Takes the parts of a time from a text, from left to right.
private struct TimeReader {
    /// More than any sensible fraction of a second needs.
    private static let longest = 64

    private let text: [UInt8]
    private var position = 0

    init?(_ text: Span<UInt8>) {
        guard text.count <= Self.longest else { return nil }
        self.text = text.indices.map { text[$0] }
    }

    var isAtEnd: Bool { position == text.count }

    private var next: UInt8? { position < text.count ? text[position] : nil }

    /// Takes one of these characters.
    mutating func take(_ characters: Unicode.Scalar...) -> Bool {
        guard let next, characters.contains(Unicode.Scalar(next)) else { return false }
        position += 1
        return true
    }

    /// `2026-01-31`, in days since 1970.
    mutating func days() -> Int64? {
        guard let year = number(digits: 4), take("-"), let month = number(digits: 2), take("-"),
            let day = number(digits: 2)
        else { return nil }
        return Timestamp.days(year: year, month: month, day: day)
    }

    /// `12:00:00` with a fraction or without, in milliseconds.
    mutating func ofDay() -> Int64? {
        guard let hours = number(digits: 2), hours < 24, take(":"),
            let minutes = number(digits: 2), minutes < 60, take(":"),
            let seconds = number(digits: 2), seconds < 60
        else { return nil }
        let whole = ((hours * 60 + minutes) * 60 + seconds) * 1_000
        guard take(".", ",") else { return whole }
        var (fraction, weight, count): (Int64, Int64, Int) = (0, 100, 0)
        while let digit = number(digits: 1) {
            fraction += digit * weight
            weight /= 10
            count += 1
        }
        return count > 0 ? whole + fraction : nil
    }

    /// `Z` or `+01:00`, in milliseconds.
    mutating func offset() -> Int64? {
        if take("Z", "z") { return 0 }
        let isEast = next == UInt8(ascii: "+")
        guard take("+", "-"), let hours = number(digits: 2), hours < 24, take(":"),
            let minutes = number(digits: 2), minutes < 60
        else { return nil }
        let offset = (hours * 60 + minutes) * 60_000
        return isEast ? offset : -offset
    }

    private mutating func number(digits: Int) -> Int64? {
        guard position + digits <= text.count else { return nil }
        var number: Int64 = 0
        for digit in text[position..<position + digits] {
            guard UInt8(ascii: "0")...UInt8(ascii: "9") ~= digit else { return nil }
            number = number * 10 + Int64(digit - UInt8(ascii: "0"))
        }
        position += digits
        return number
    }
}
