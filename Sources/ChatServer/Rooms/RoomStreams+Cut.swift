internal import Chat

/// Removes deleted lines from a room's log at once.
extension RoomStreams {
    /// Every chunk that the room's log refers to.
    func chunks(of room: RoomID) -> [ChunkID] {
        self[room].log.batches.flatMap(\.chunks.all)
    }

    /// Replaces chunks that the room's log refers to.
    mutating func replace(
        _ replacements: ChunkReplacements, in room: RoomID, pool: inout ChunkPool
    ) {
        self[room].log.replace(pool: &pool) { chunks in
            chunks.replaced(by: replacements)
        }
    }
}

extension EncodedChunks {
    /// A copy with the replaced chunks. Nil if none is replaced.
    func replaced(by replacements: ChunkReplacements) -> EncodedChunks? {
        let (silent, marking) = (replacements.silent, replacements.marking)
        let new = EncodedChunks(
            plain: silent[plain] ?? plain, deflated: silent[deflated] ?? deflated,
            marked: marking[marked] ?? marked,
            markedDeflated: marking[markedDeflated] ?? markedDeflated,
            events: marking[events] ?? events)
        return new == self ? nil : new
    }
}
