/// How long lines are kept.
public struct Retention: Equatable, Sendable {
    /// Days after which a line is given up, at most 36 500; 0: never because of its age.
    public let days: Int
    /// Lines of a room past which its oldest are given up; 0: never because of their number. A room
    /// may have some hundred more until the next upkeep, seconds later.
    public let lines: Int

    public init(days: Int = 7, lines: Int = 10_000) {
        precondition(0...36_500 ~= days && lines >= 0, "retention is out of range")
        self.days = days
        self.lines = lines
    }
}
