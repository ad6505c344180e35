/// Removes deleted lines from waiting bytes at once.
extension Outbox {
    /// Every chunk that waits in a lane of lines.
    func waitingLines(_ connections: borrowing Connections) -> Set<ChunkID> {
        var chunks: Set<ChunkID> = []
        for index in 0..<connections.endIndex where connections.isUsed(index) {
            let waiting = connections[index].outbound.lineChunks
            // A piece of a frame is on its way, like the rest of a half sent frame.
            chunks.formUnion(connections[index].isAnswering ? waiting.dropLast() : waiting[...])
        }
        return chunks
    }

    /// The rests of chunks. Chunks from which nothing is cut are not in the result. The caller has
    /// the references.
    mutating func cut(_ lines: LineCut, from chunks: Set<ChunkID>) -> [ChunkID: ChunkID] {
        var replacements: [ChunkID: ChunkID] = [:]
        for id in chunks {
            let rest = lines.rest(of: pool.bytes(of: id))
            guard rest.cut > 0 else { continue }
            replacements[id] = pool.make(rest.bytes, lines: max(pool.lines(id) - rest.cut, 0))
        }
        return replacements
    }

    /// Replaces those chunks with their rests in all rings. A ring that has begun one keeps the
    /// frame in flight and the rest after it.
    mutating func replace(
        _ replacements: [ChunkID: ChunkID], cutting lines: LineCut,
        in connections: inout Connections
    ) {
        var made: [ChunkID] = []
        for index in 0..<connections.endIndex where connections.isUsed(index) {
            connections[index].outbound.rewriteLines(pool: &pool) { id, sent, pool in
                guard let whole = replacements[id] else { return nil }
                guard sent > 0 else { return (whole, 0) }
                let rest = lines.rest(of: pool.bytes(of: id), from: sent)
                made.append(pool.make(rest.bytes, lines: max(pool.lines(id) - rest.cut, 0)))
                return (made[made.count - 1], rest.offset)
            }
        }
        for id in made { pool.release(id) }
    }
}
