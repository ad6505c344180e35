extension Limits {
    /// That one limit must not be above, or must be below, another one, so that both mean
    /// something.
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

    /// What bounds the bytes that wait: low watermark < high watermark ≤ budget of the process, and
    /// control watermark ≤ budget of the process.
    ///
    /// A client is fed again below the low watermark, so that must come after it was stopped at the
    /// high one; and one client alone must not be able to use up what all have.
    public static let inequalities = [
        Inequality(lesser: \.lowWatermark, greater: \.highWatermark, allowsEqual: false),
        Inequality(lesser: \.highWatermark, greater: \.bufferBudget, allowsEqual: true),
        Inequality(lesser: \.controlWatermark, greater: \.bufferBudget, allowsEqual: true),
    ]
}
