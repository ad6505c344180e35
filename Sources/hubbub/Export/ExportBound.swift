internal import Chat

/// Where an export begins or ends: at a line's number, or at a time.
enum ExportBound: Equatable, Sendable {
    case seq(UInt64)
    case time(Timestamp)

    /// Reads a number, a time of RFC 3339, or a day in UTC, which is meant from its start to its
    /// end. Nil if it is none of these.
    init?(_ text: String, isEnd: Bool) {
        if let seq = UInt64(text), text.utf8.allSatisfy({ $0 != UInt8(ascii: "+") }) {
            self = .seq(seq)
        } else if let day = Timestamp(date: text.utf8.span) {
            let last = day.milliseconds + 86_400_000 - 1
            self = .time(isEnd ? Timestamp(milliseconds: last) : day)
        } else if let time = Timestamp(rfc3339: text.utf8.span) {
            self = .time(time)
        } else {
            return nil
        }
    }
}
