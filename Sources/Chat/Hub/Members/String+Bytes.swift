/// Compares texts of clients by their bytes in UTF-8. The comparison of strings takes different
/// texts for equal if Unicode calls them equivalent, and takes long if they aren't normalised.
extension String {
    func hasSameBytes(as other: String) -> Bool {
        let (mine, others) = (utf8.span, other.utf8.span)
        guard mine.count == others.count else { return false }
        for index in mine.indices where mine[index] != others[index] { return false }
        return true
    }

    /// Adds the bytes to a hash.
    func hashBytes(into hasher: inout Hasher) {
        let bytes = utf8.span
        var word: UInt64 = 0
        for index in bytes.indices {
            word = word &<< 8 | UInt64(bytes[index])
            if index & 7 == 7 { hasher.combine(word) }
        }
        hasher.combine(word)
        hasher.combine(bytes.count)
    }
}
