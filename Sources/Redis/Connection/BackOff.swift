/// How long to wait before connecting again.
struct BackOff {
    /// Milliseconds before the second try, and at most before any.
    static let first: UInt64 = 50
    static let longest: UInt64 = 1_000

    private var next = Self.first

    /// Milliseconds to wait after a failure. They double with each, and differ between nodes, so
    /// that these don't come all at once.
    mutating func failed() -> UInt64 {
        defer { next = min(next * 2, Self.longest) }
        return .random(in: next / 2...next)
    }

    /// The next failure is the first one again.
    mutating func succeeded() { next = Self.first }
}
