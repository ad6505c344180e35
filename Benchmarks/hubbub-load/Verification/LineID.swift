/// A line that was sent: the number of its connection, and its index among that one's lines.
struct LineID: Hashable, Comparable {
    let sender: Int
    let counter: Int

    static func < (left: LineID, right: LineID) -> Bool {
        (left.sender, left.counter) < (right.sender, right.counter)
    }
}
