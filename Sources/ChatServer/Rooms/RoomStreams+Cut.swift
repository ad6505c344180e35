internal import Chat

/// Removes deleted lines from a room's log at once.
extension RoomStreams {
    /// Every chunk that the room's log refers to.
    func chunks(of room: RoomID) -> [ChunkID] {
        self[room].log.batches.flatMap { [$0.chunks.plain, $0.chunks.deflated] }
    }

    /// Replaces chunks that the room's log refers to.
    mutating func replace(
        _ replacements: [ChunkID: ChunkID], in room: RoomID, pool: inout ChunkPool
    ) {
        self[room].log.replace(pool: &pool) { chunks in
            chunks.replaced(by: replacements)
        }
    }
}

extension EncodedChunks {
    /// A copy with the replaced chunks. Nil if none is replaced.
    func replaced(by replacements: [ChunkID: ChunkID]) -> EncodedChunks? {
        let (newPlain, newDeflated) = (replacements[plain], replacements[deflated])
        guard newPlain != nil || newDeflated != nil else { return nil }
        return EncodedChunks(plain: newPlain ?? plain, deflated: newDeflated ?? deflated)
    }
}
