/// Compares texts of clients by their bytes in UTF-8. The comparison of strings takes different
/// texts for equal if Unicode calls them equivalent, and takes long if they aren't normalised.
extension String {
    package func hasSameBytes(as other: String) -> Bool {
        let (mine, others) = (utf8.span, other.utf8.span)
        guard mine.count == others.count else { return false }
        for index in mine.indices where mine[index] != others[index] { return false }
        return true
    }

    /// Adds the bytes to a hash.
    func hashBytes(into hasher: inout Hasher) { hasher.combine(bytesOf: utf8.span) }
}

extension Hasher {
    /// Adds bytes, eight at a time.
    package mutating func combine(bytesOf bytes: Span<UInt8>) {
        var word: UInt64 = 0
        for index in bytes.indices {
            word = word &<< 8 | UInt64(bytes[index])
            if index & 7 == 7 { combine(word) }
        }
        combine(word)
        combine(bytes.count)
    }
}
