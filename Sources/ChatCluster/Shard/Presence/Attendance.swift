/// A node that attends, as a shard knows it.
package struct Attendance: Equatable, Sendable {
    package let run: NodeRun
    /// The number of its first attendance since the shard knows of it without a break. If it
    /// changes, the node was forgotten meanwhile.
    package let first: UInt64
    /// The number of its last one.
    package let last: UInt64

    package init(_ run: NodeRun, first: UInt64, last: UInt64) {
        (self.run, self.first, self.last) = (run, first, last)
    }
}
