/// The same frames in each encoding that members of their room take. An encoding that makes no
/// difference shares the plain chunk.
struct EncodedChunks: Hashable {
    let plain: ChunkID
    let deflated: ChunkID
    /// The same for members that take changes: a tombstone is in the place of each deleted line.
    /// As long as no line is deleted, these chunks are the others.
    let marked: ChunkID
    let markedDeflated: ChunkID

    init(plain: ChunkID, deflated: ChunkID) {
        self.init(plain: plain, deflated: deflated, marked: plain, markedDeflated: deflated)
    }

    init(plain: ChunkID, deflated: ChunkID, marked: ChunkID, markedDeflated: ChunkID) {
        self.plain = plain
        self.deflated = deflated
        self.marked = marked
        self.markedDeflated = markedDeflated
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

    /// The chunk of a member that takes changes, or doesn't.
    subscript(encoding: Encoding, marked isMarked: Bool) -> ChunkID {
        switch (encoding, isMarked) {
        case (.plain, false): plain
        case (.deflated, false): deflated
        case (.plain, true): marked
        case (.deflated, true): markedDeflated
        }
    }

    /// All of them, some more than once.
    var all: [ChunkID] { [plain, deflated, marked, markedDeflated] }

    @inline(__always)
    fileprivate var isMarked: Bool { marked != plain || markedDeflated != deflated }
}

extension ChunkPool {
    /// Adds one reference to each chunk.
    mutating func retain(_ chunks: EncodedChunks) {
        for chunk in Set(chunks.all) { retain(chunk) }
    }

    /// Removes the maker's references.
    mutating func release(_ chunks: EncodedChunks) {
        guard !chunks.isMarked else {
            for chunk in Set(chunks.all) { release(chunk) }
            return
        }
        release(chunks.plain)
        if chunks.deflated != chunks.plain { release(chunks.deflated) }
    }

    /// The total cost of the chunks in bytes.
    @inline(__always)
    func cost(_ chunks: EncodedChunks) -> Int {
        guard !chunks.isMarked else { return costOfMarked(chunks) }
        let plain = length(chunks.plain) + Self.overhead
        return chunks.deflated == chunks.plain
            ? plain : plain + length(chunks.deflated) + Self.overhead
    }

    private func costOfMarked(_ chunks: EncodedChunks) -> Int {
        Set(chunks.all).reduce(0) { $0 + length($1) + Self.overhead }
    }
}
