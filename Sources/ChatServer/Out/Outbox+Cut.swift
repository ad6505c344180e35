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
    mutating func cut(
        _ lines: LineCut, marking: LineCut, from chunks: Set<ChunkID>
    ) -> ChunkReplacements {
        var replacements = ChunkReplacements()
        for id in chunks {
            let bytes = pool.bytes(of: id)
            let rest = lines.rest(of: bytes)
            guard rest.cut > 0 else { continue }
            let left = max(pool.lines(id) - rest.cut, 0)
            replacements.silent[id] = pool.make(rest.bytes, lines: left)
            replacements.marking[id] = pool.make(marking.rest(of: bytes).bytes, lines: left)
        }
        return replacements
    }

    /// Replaces those chunks with their rests in all rings. A ring that has begun one keeps the
    /// frame in flight and the rest after it. `takesMarks` tells whether a connection gets
    /// tombstones.
    mutating func replace(
        _ replacements: ChunkReplacements, cutting lines: LineCut, marking: LineCut,
        in connections: inout Connections, _ takesMarks: (Int) -> Bool
    ) {
        var made: [ChunkID] = []
        for index in 0..<connections.endIndex where connections.isUsed(index) {
            guard !connections[index].outbound.lineChunks.isEmpty else { continue }
            let isMarked = takesMarks(index)
            let wholes = isMarked ? replacements.marking : replacements.silent
            connections[index].outbound.rewriteLines(pool: &pool) { id, sent, pool in
                guard let whole = wholes[id] else { return nil }
                guard sent > 0 else { return (whole, 0) }
                let rest = (isMarked ? marking : lines).rest(of: pool.bytes(of: id), from: sent)
                made.append(pool.make(rest.bytes, lines: max(pool.lines(id) - rest.cut, 0)))
                return (made[made.count - 1], rest.offset)
            }
        }
        for id in made { pool.release(id) }
    }
}
