internal import Chat
internal import Reactor

/// The answer to a `history` command. First its lines are measured: it has the last ones that fit
/// into ``Limits/historyBytes``, and its frame begins with its length. Then it is made in pieces,
/// each when the client has taken the one before. So a client that doesn't read costs one piece.
struct HistoryAnswer {
    enum Stage {
        /// The sizes of lines are added up.
        case measuring
        /// Pieces are made and sent.
        case telling
    }

    /// Who gets it.
    enum Recipient {
        /// The client of a command, with its id.
        case command(id: String?)
        /// The client of a request.
        case request(APIRequest, HistoryRange)
    }

    let recipient: Recipient
    let room: RoomName
    /// The range of lines that is left to be measured, or to be told.
    private(set) var from: UInt64
    private(set) var through: UInt64
    /// Whether tombstones stand in the places of deleted lines.
    let isMarked: Bool
    private(set) var stage = Stage.measuring
    /// The lines that were measured and not told yet, and the bytes of their events.
    private var sizes: ArraySlice<(seq: UInt64, bytes: Int)> = []
    /// The oldest line of the room.
    var oldest: UInt64
    /// Whether there are older lines than those that are told, or newer ones if the first of the
    /// range come first.
    private(set) var more = false
    /// Whether the range ends before the room's last line.
    var isCut = false
    /// The first line that is told, or the last one if the first of the range come first.
    private(set) var edge: UInt64 = 0
    /// Whether nothing of it was sent yet.
    private(set) var isNew = true
    /// Bytes for lines and the commas between them in its frame, and how many of them are left.
    private(set) var lineBytes = 0
    private(set) var bytesLeft = 0
    /// Whether pieces so far have lines.
    private(set) var hasLines = false

    init(
        _ recipient: Recipient, room: RoomName, from: UInt64, through: UInt64, oldest: UInt64,
        isMarked: Bool = false
    ) {
        (self.recipient, self.room, self.from, self.through) = (recipient, room, from, through)
        self.isMarked = isMarked
        self.oldest = oldest
    }

    /// Bytes of memory that it takes.
    var bytes: Int {
        MemoryLayout<Self>.size + sizes.count * MemoryLayout<(UInt64, Int)>.stride
    }

    /// The read of the store that it waits for.
    var key: ReadQueue.Key { ReadQueue.Key(room: room, from: from) }
    /// Whether lines were measured.
    var hasMeasured: Bool { !sizes.isEmpty }
    /// Whether all pieces of its frame were made.
    var isComplete: Bool { stage == .telling && isThrough && bytesLeft == 0 }
    /// Whether all its lines were measured or told.
    var isThrough: Bool { from > through }

    /// A line was measured.
    mutating func measured(_ seq: UInt64, bytes: Int) {
        guard from <= seq, seq <= through else { return }
        sizes.append((seq, bytes))
        from = seq + 1
    }

    /// All lines are measured. It is told from the first one that fits, at least the last one. If
    /// the first of the range come first, it is told up to the last one that fits.
    mutating func beginTelling() {
        stage = .telling
        if range?.after != nil { return beginForward() }
        var (start, total) = (sizes.count, Limits.historyEnvelope)
        while start > 0 {
            let size = sizes[start - 1].bytes + 1
            guard start == sizes.count || total + size <= Limits.historyBytes else { break }
            total += size
            start -= 1
        }
        more = start > 0 || (sizes.first?.seq ?? oldest) > oldest
        measured(total)
        from = start < sizes.count ? sizes[start].seq : through + 1
        edge = from
        sizes = sizes[start...]
    }

    private mutating func beginForward() {
        var (end, total) = (0, Limits.historyEnvelope)
        while end < sizes.count {
            let size = sizes[end].bytes + 1
            guard end == 0 || total + size <= Limits.historyBytes else { break }
            total += size
            end += 1
        }
        if end < sizes.count {
            through = sizes[end - 1].seq
            isCut = true
        }
        more = isCut
        measured(total)
        from = sizes.first?.seq ?? through + 1
        edge = through
        sizes = sizes[..<end]
    }

    private mutating func measured(_ total: Int) {
        lineBytes = max(total - Limits.historyEnvelope - (isListed ? 0 : 1), 0)
        bytesLeft = lineBytes
    }

    /// What a request wants.
    var range: HistoryRange? {
        if case .request(_, let range) = recipient { range } else { nil }
    }

    /// Whether each line stands alone.
    private var isListed: Bool { range?.isListed ?? false }

    /// There are no lines before this one any more.
    mutating func skip(to seq: UInt64) { from = max(from, seq) }

    /// A line is the next one in a piece, if it was measured and isn't longer now. One that has
    /// come back since then, or grown, takes no other's place. Returns whether it is the next one.
    mutating func took(_ seq: UInt64, bytes: Int) -> Bool {
        guard from <= seq, seq <= through else { return false }
        while let next = sizes.first, next.seq < seq { sizes.removeFirst() }
        let cost = bytes + (hasLines || isListed ? 1 : 0)
        guard let measured = sizes.first, measured.seq == seq, bytes <= measured.bytes,
            cost <= bytesLeft
        else { return false }
        bytesLeft -= cost
        hasLines = true
        from = seq + 1
        return true
    }

    /// Takes blanks in place of lines that were deleted, as many as a piece may have. JSON allows
    /// them between its tokens.
    mutating func takeBlanks() -> Int {
        let count = min(bytesLeft, Limits.historyPiece)
        bytesLeft -= count
        return count
    }

    /// A piece was made, and others follow.
    mutating func began() { isNew = false }

    /// Lines were deleted.
    mutating func cut(_ seqs: Set<UInt64>) {
        guard isMarked else { return sizes.removeAll { seqs.contains($0.seq) } }
        for place in sizes.indices where seqs.contains(sizes[place].seq) {
            var mark: [UInt8] = []
            EventWriter.mark(room: room, seq: sizes[place].seq, into: &mark)
            sizes[place].bytes = mark.count
        }
    }
}
