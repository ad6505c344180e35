/// A line that was sent: by which connection, and which of its lines, counted from 0.
struct LineID: Hashable, Comparable {
    let sender: Int
    let counter: Int

    static func < (left: LineID, right: LineID) -> Bool {
        (left.sender, left.counter) < (right.sender, right.counter)
    }
}
