internal import Chat

/// The ends of a room's earlier epochs.
enum EpochEnds {
    /// - Parameters:
    ///   - recorded: The ends that were written when a later epoch got its first line.
    ///   - own: The epoch of the last line. Nil if there is no line.
    ///   - epochs: All epochs in order, with the current one.
    static func ends(
        recorded: [EpochEnd], own: Epoch?, epochs: [Epoch], current: Epoch, lastSeq: UInt64
    ) -> [EpochEnd] {
        // Those that are so old that only the room knows them come first.
        var ends = recorded.filter { !epochs.contains($0.epoch) }
        var end = ends.last?.seq ?? 0
        for epoch in epochs where epoch != current {
            if let known = recorded.last(where: { $0.epoch == epoch }) {
                end = known.seq
            } else if epoch == own {
                end = lastSeq
            }
            // An epoch without a line in the room ended where the epoch before it ended.
            ends.append(EpochEnd(epoch: epoch, seq: end))
        }
        if let own, own != current, !ends.contains(where: { $0.epoch == own }) {
            ends.append(EpochEnd(epoch: own, seq: lastSeq))
        }
        return ends
    }
}
