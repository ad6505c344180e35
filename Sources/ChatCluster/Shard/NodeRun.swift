/// One run of a node's process. The shard keeps what the run has appended last under it, so that a
/// group that is sent again is recognised.
package struct NodeRun: Hashable, Sendable {
    package let name: NodeName
    /// Drawn at random when the process starts.
    package let number: UInt64

    package init(_ name: NodeName, number: UInt64) {
        self.name = name
        self.number = number
    }
}
