/// The same frames in each encoding that members of their room take. An encoding that makes no
/// difference shares the plain chunk.
struct EncodedChunks: Hashable {
    let plain: ChunkID
    let deflated: ChunkID

    init(plain: ChunkID, deflated: ChunkID) {
        self.plain = plain
        self.deflated = deflated
    }

    /// One chunk for all encodings.
    init(_ chunk: ChunkID) {
        self.init(plain: chunk, deflated: chunk)
    }

    @inline(__always)
    subscript(encoding: Encoding) -> ChunkID {
        switch encoding {
        case .plain: plain
        case .deflated: deflated
        }
    }
}

extension ChunkPool {
    /// Adds one reference to each chunk.
    mutating func retain(_ chunks: EncodedChunks) {
        retain(chunks.plain)
        if chunks.deflated != chunks.plain { retain(chunks.deflated) }
    }

    /// Removes the maker's references.
    mutating func release(_ chunks: EncodedChunks) {
        release(chunks.plain)
        if chunks.deflated != chunks.plain { release(chunks.deflated) }
    }

    /// The total cost of the chunks in bytes.
    @inline(__always)
    func cost(_ chunks: EncodedChunks) -> Int {
        let plain = length(chunks.plain) + Self.overhead
        return chunks.deflated == chunks.plain
            ? plain : plain + length(chunks.deflated) + Self.overhead
    }
}
