/// Compares texts of clients by their bytes in UTF-8. The comparison of strings takes different
/// texts for equal if Unicode calls them equivalent, and takes long if they aren't normalised.
extension String {
    func hasSameBytes(as other: String) -> Bool {
        utf8.count == other.utf8.count && firstDifference(from: other) == nil
    }

    func precedes(_ other: String) -> Bool {
        guard let place = firstDifference(from: other) else {
            return utf8.count < other.utf8.count
        }
        return utf8.span[place] < other.utf8.span[place]
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

    /// The first index at which both have a byte, but not the same.
    private func firstDifference(from other: String) -> Int? {
        let (mine, others) = (utf8.span, other.utf8.span)
        for index in 0..<min(mine.count, others.count) where mine[index] != others[index] {
            return index
        }
        return nil
    }
}
