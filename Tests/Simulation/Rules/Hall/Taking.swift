/// A line was taken away, and the model has learned it.
struct Taking {
    /// The bytes that each client of that time had received, or that were on their way to it. A
    /// text in a frame that begins later was sent too late.
    let marks: [Int: Int]

    /// Whether a frame that begins at `start` was sent after this.
    func isBefore(_ start: Int, of client: Int) -> Bool { start >= marks[client] ?? 0 }
}
