/// A text that is compared and hashed by its bytes, as clients of all languages do.
///
/// `String` compares by canonical equivalence: "é" as one scalar equals "e" with an accent. For
/// names, ids and texts of clients that is wrong, because one would pass for another. It is also
/// slow, and lets a client make as many texts as it likes with one hash.
package struct ByteText: Hashable, Sendable {
    package let text: String

    @inline(__always)
    package init(_ text: String) {
        self.text = text
    }

    package static func == (left: ByteText, right: ByteText) -> Bool {
        left.text.hasSameBytes(as: right.text)
    }

    package func hash(into hasher: inout Hasher) { text.hashBytes(into: &hasher) }
}
