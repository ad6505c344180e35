internal import Chat
internal import Reactor
internal import WebSocket

/// Commands that wait for the store, answers that are made in pieces, and the account of what
/// connections keep besides waiting bytes.
extension Connections {
    /// A command of a connection waits for the store. Later commands wait behind it.
    mutating func waitForStore(_ index: Int, _ command: WaitingCommand) {
        let rare = table[index].makeRare()
        rare.waiting = command
        if rare.answering != nil { rare.answering = .store }
        recount(index)
    }

    /// Takes the command that a connection waits for, because it is done. Nil if there is none, or
    /// if the connection has gone.
    mutating func takeWaiting(_ token: Token) -> WaitingCommand? {
        guard table.contains(token),
            table[token.index].isInChat || awaitsAnswer(token.index),
            let rare = table[token.index].rare, let waiting = rare.waiting
        else { return nil }
        rare.waiting = nil
        recount(token.index)
        return waiting
    }

    /// A piece of an answer was queued, and others follow when the client has taken it.
    mutating func answers(_ index: Int, _ answer: HistoryAnswer) {
        let rare = table[index].makeRare()
        rare.waiting = .history(answer)
        rare.answering = .piece
        recount(index)
    }

    /// An answer that isn't begun waits for memory.
    mutating func postponed(_ index: Int, _ answer: HistoryAnswer) {
        table[index].makeRare().waiting = .history(answer)
        recount(index)
    }

    /// Whether the next piece of a connection's answer can be made.
    func takesAnswer(_ token: Token) -> Bool {
        guard table.contains(token), isServed(token.index) else { return false }
        return !table[token.index].isAnswering || hasTakenPiece(token.index)
    }

    /// Whether a connection in the middle of an answer has taken the last piece.
    func hasTakenPiece(_ index: Int) -> Bool {
        isServed(index) && table[index].outbound.isEmpty && table[index].rare?.answering == .piece
    }

    /// Keeps a reply in a frame until the connection's answer is complete. Returns the bytes of all
    /// that are kept.
    mutating func keepReply(_ index: Int, _ frame: [UInt8]) -> Int {
        let rare = table[index].makeRare()
        rare.replies += frame
        recount(index)
        return rare.replies.count
    }

    /// An answer is complete. Takes the replies that came in the meantime, if there are any.
    mutating func takeReplies(_ index: Int) -> [UInt8]? {
        guard let rare = table[index].rare, rare.answering != nil else { return nil }
        let replies = rare.replies
        (rare.answering, rare.replies) = (nil, [])
        recount(index)
        // Pings were put off.
        schedule(index)
        return replies.isEmpty ? nil : replies
    }

    /// Lines in waiting answers to `history` were deleted.
    mutating func cutWaiting(_ seqs: Set<UInt64>, of room: RoomName) {
        for index in 0..<endIndex where isUsed(index) {
            guard case .history(var answer)? = table[index].waiting, answer.room == room else {
                continue
            }
            answer.cut(seqs)
            table[index].rare?.waiting = .history(answer)
            recount(index)
        }
    }

    // MARK: The account

    /// Bytes that a connection keeps besides waiting bytes: a half-read head or message, input that
    /// waits, and a command with the part of its answer that is known.
    func keptBytes(_ index: Int) -> Int {
        (table[index].rare?.bytes ?? 0) + table[index].session.partialBytes
    }

    /// Whether the rest of a head or a message has yet to arrive.
    func owesBytes(_ index: Int) -> Bool {
        !table[index].session.isAtBoundary || table[index].rare?.head.isEmpty == false
            || table[index].rare?.content != nil
    }

    /// Those bytes may have changed.
    mutating func recount(_ index: Int) {
        let now = keptBytes(index)
        if now == 0, table[index].rare == nil { return }
        let rare = table[index].makeRare()
        changeKept(by: now - rare.counted)
        rare.counted = now
        if now == 0 { table[index].dropRareIfEmpty() }
    }

    /// The connection keeps none of that any more.
    mutating func dropRare(_ index: Int) {
        changeKept(by: -(table[index].rare?.counted ?? 0))
        table[index].rare = nil
    }
}
