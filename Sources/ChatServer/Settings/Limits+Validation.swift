extension Limits {
    /// A rule that one limit must not exceed another one, or must be below it, so that both have a
    /// meaning.
    public struct Inequality: Sendable {
        public let lesser: any WritableKeyPath<Limits, Int> & Sendable
        public let greater: any WritableKeyPath<Limits, Int> & Sendable
        /// Whether they may be equal.
        public let allowsEqual: Bool

        /// Whether the inequality holds.
        public func holds(in limits: Limits) -> Bool {
            let (lesser, greater) = (limits[keyPath: lesser], limits[keyPath: greater])
            return allowsEqual ? lesser <= greater : lesser < greater
        }
    }

    /// The rules for waiting bytes: low watermark < high watermark ≤ budget of the process, and
    /// control watermark ≤ budget of the process.
    ///
    /// A client is fed again when it is below the low watermark, which therefore must be below the
    /// high one. And one client must not be able to use up the budget of all.
    public static let inequalities = [
        Inequality(lesser: \.lowWatermark, greater: \.highWatermark, allowsEqual: false),
        Inequality(lesser: \.highWatermark, greater: \.bufferBudget, allowsEqual: true),
        Inequality(lesser: \.controlWatermark, greater: \.bufferBudget, allowsEqual: true),
    ]
}
