/// A text that is compared, hashed and ordered by its bytes, as clients of all languages do.
///
/// `String` compares by canonical equivalence: "é" as one scalar equals "e" with an accent. For
/// names, ids and texts of clients that is wrong, because one would pass for another. It is also
/// slow, and lets a client make as many texts as it likes with one hash.
package struct ByteText: Hashable, Comparable, Sendable {
    package let text: String

    @inline(__always)
    package init(_ text: String) {
        self.text = text
    }

    package static func == (left: ByteText, right: ByteText) -> Bool {
        let (left, right) = (left.text.utf8.span, right.text.utf8.span)
        guard left.count == right.count else { return false }
        for index in left.indices where left[index] != right[index] { return false }
        return true
    }

    package static func < (left: ByteText, right: ByteText) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }

    /// Hashes the bytes in words of eight, and their number.
    package func hash(into hasher: inout Hasher) {
        let bytes = text.utf8.span
        var word: UInt64 = 0
        for index in bytes.indices {
            word = word &<< 8 | UInt64(bytes[index])
            if index % 8 == 7 {
                hasher.combine(word)
                word = 0
            }
        }
        hasher.combine(word)
        hasher.combine(bytes.count)
    }
}
