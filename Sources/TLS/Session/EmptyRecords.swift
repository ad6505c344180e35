/// Counts records without plaintext in a row. Nobody needs many, and each costs work.
struct EmptyRecords {
    private static let limit = 64

    private var left = Self.limit

    /// A record with plaintext has arrived.
    mutating func sawPlaintext() { left = Self.limit }

    /// Complete records without plaintext have arrived. False if they are too many.
    mutating func saw(_ records: Span<UInt8>) -> Bool {
        var rest = records
        while rest.count > 0, left >= 0 {
            rest = rest.extracting(Records.whole(in: rest, limit: 1)...)
            left -= 1
        }
        return left >= 0
    }
}
