/// A word of a text.
struct Word: Equatable, Sendable {
    /// The place of its first byte.
    let start: Int
    /// The place behind its last byte.
    let end: Int
    /// A hash of its characters with repeated letters taken as one. It differs in each process.
    let key: UInt64
}
