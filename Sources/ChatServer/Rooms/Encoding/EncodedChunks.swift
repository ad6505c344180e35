/// The same frames in each encoding that members of their room take. An encoding that makes no
/// difference shares the plain chunk.
struct EncodedChunks: Hashable {
    let plain: ChunkID
    let deflated: ChunkID
    /// The same for members that take changes: a tombstone is in the place of each deleted line.
    /// As long as no line is deleted, these chunks are the others.
    let marked: ChunkID
    let markedDeflated: ChunkID
    /// The same as ``marked`` for event streams of this room. ``ChunkID/none`` if it had no such
    /// member.
    var events = ChunkID.none

    init(plain: ChunkID, deflated: ChunkID) {
        self.init(plain: plain, deflated: deflated, marked: plain, markedDeflated: deflated)
    }

    init(
        plain: ChunkID, deflated: ChunkID, marked: ChunkID, markedDeflated: ChunkID,
        events: ChunkID = .none
    ) {
        self.plain = plain
        self.deflated = deflated
        self.marked = marked
        self.markedDeflated = markedDeflated
        self.events = events
    }

    /// One chunk for all encodings.
    init(_ chunk: ChunkID) {
        self.init(plain: chunk, deflated: chunk)
    }

    /// The chunk of a member that doesn't take changes, or has an event stream. None if it must be
    /// encoded for the member.
    @inline(__always)
    subscript(encoding: Encoding) -> ChunkID {
        switch encoding {
        case .plain: plain
        case .deflated: deflated
        case .events: events
        case .placedEvents: .none
        }
    }

    /// The chunk of a member that takes changes, or doesn't.
    subscript(encoding: Encoding, marked isMarked: Bool) -> ChunkID {
        switch (encoding, isMarked) {
        case (.plain, false): plain
        case (.deflated, false): deflated
        case (.plain, true): marked
        case (.deflated, true): markedDeflated
        case (.events, _): events
        case (.placedEvents, _): .none
        }
    }

    /// All of them, some more than once.
    var all: [ChunkID] {
        let frames = [plain, deflated, marked, markedDeflated]
        return events == .none ? frames : frames + [events]
    }

    /// Whether there are others than the first two.
    @inline(__always)
    fileprivate var areMany: Bool {
        marked != plain || markedDeflated != deflated || events != .none
    }
}

extension ChunkPool {
    /// Adds one reference to each chunk.
    mutating func retain(_ chunks: EncodedChunks) {
        for chunk in Set(chunks.all) { retain(chunk) }
    }

    /// Removes the maker's references.
    mutating func release(_ chunks: EncodedChunks) {
        guard !chunks.areMany else {
            for chunk in Set(chunks.all) { release(chunk) }
            return
        }
        release(chunks.plain)
        if chunks.deflated != chunks.plain { release(chunks.deflated) }
    }

    /// The total cost of the chunks in bytes.
    @inline(__always)
    func cost(_ chunks: EncodedChunks) -> Int {
        guard !chunks.areMany else { return costOfMany(chunks) }
        let plain = length(chunks.plain) + Self.overhead
        return chunks.deflated == chunks.plain
            ? plain : plain + length(chunks.deflated) + Self.overhead
    }

    private func costOfMany(_ chunks: EncodedChunks) -> Int {
        Set(chunks.all).reduce(0) { $0 + length($1) + Self.overhead }
    }
}
