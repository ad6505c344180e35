internal import Chat
internal import GRDB

/// Numbers in a row. Somebody may have edited the file, so a value that the store can't have
/// written counts as missing. GRDB ends the process if a value doesn't have the expected type.
enum StoredNumber {
    /// The highest number of a line: 2^53 - 1, the largest that every reader of JSON keeps exactly.
    static let limit: Int64 = 9_007_199_254_740_991
    /// Numbers of lines.
    static let seqs: ClosedRange<Int64> = 1...limit
    /// Numbers of epochs. Each takes a death of the machine, so these are plenty.
    static let epochs: ClosedRange<Int64> = 1...(1 << 40)

    /// Nil if the column has no such number.
    static func value(_ row: Row, _ column: Int, in range: ClosedRange<Int64>) -> Int64? {
        let value: DatabaseValue = row[column]
        return Int64.fromDatabaseValue(value).flatMap { range ~= $0 ? $0 : nil }
    }

    /// The time in a column, as near as possible. A missing one is the start of 1970.
    static func time(_ row: Row, _ column: Int) -> Timestamp {
        Timestamp(milliseconds: value(row, column, in: .min ... .max) ?? 0)
    }
}
