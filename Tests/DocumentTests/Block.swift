/// A block of code in a document.
struct Block: Sendable {
    /// The number of its first line in the document.
    let line: Int
    var lines: [String]
}
