internal import Chat

/// Lines for event streams. They are encoded when a batch is sealed, out of its frames, so that
/// rooms without such members do nothing for them.
extension RoomStreams {
    /// A member that takes this encoding has come, or has gone.
    @inline(__always)
    mutating func count(_ encoding: Encoding, in room: RoomID, by change: Int32) {
        switch encoding {
        case .plain: break
        case .deflated: self[room].deflating += change
        case .events: self[room].streaming += change
        case .placedEvents:
            self[room].streaming += change
            self[room].placing += change
        }
    }

    /// A sealed batch with its events, if some member of its room has an event stream. The caller
    /// has the batch's references.
    @inline(never)
    mutating func withEvents(
        _ batch: SealedBatch, of room: RoomID, named name: RoomName, _ epoch: Epoch?,
        pool: inout ChunkPool
    ) -> SealedBatch {
        guard self[room].streaming > 0, let epoch else { return batch }
        var chunks = batch.chunks
        let text = events(of: chunks, in: room, EventEncoder(room: name, epoch: epoch), pool)
        chunks.events = pool.make(text, lines: pool.lines(chunks.marked))
        return SealedBatch(chunks: chunks, firstSeq: batch.firstSeq, lastSeq: batch.lastSeq)
    }

    /// The events of a batch from line `seq` on, for one member. `others` is added to their ids.
    func events(
        of batch: SealedBatch, from seq: UInt64, in room: RoomID, named name: RoomName,
        _ epoch: Epoch, others: [UInt8], _ pool: borrowing ChunkPool
    ) -> (text: [UInt8], lines: Int) {
        let encoder = EventEncoder(room: name, epoch: epoch)
        let text =
            batch.chunks.events == .none
            ? events(of: batch.chunks, in: room, encoder, pool)
            : pool.bytes(of: batch.chunks.events)
        return encoder.rest(of: text, from: seq, others: others)
    }

    private func events(
        of chunks: EncodedChunks, in room: RoomID, _ encoder: EventEncoder,
        _ pool: borrowing ChunkPool
    ) -> [UInt8] {
        let changes = self[room].changes
        var text: [UInt8] = []
        pool.read(chunks.marked) { text = encoder.events(of: $0) { changes.rev(before: $0) } }
        return text
    }
}
