internal import Chat
internal import Reactor

/// A gap whose lines are being fetched from the server's history, the latest page first.
struct Recall: Equatable, Sendable {
    /// Lines of a page, the most that the protocol allows.
    private static let pageLines = UInt64(Command.lineLimit)
    /// The number of lines to fetch of a gap, its last ones: more than people read.
    private static let lineLimit: UInt64 = 1_000
    /// How often a page is requested again.
    private static let retries = 3

    let gap: ServerEvent.Gap
    /// The fetched lines, oldest first.
    private(set) var lines: [ServerEvent.Message] = []
    /// The id of the request that isn't answered.
    var request: String?
    private(set) var notBefore: Instant?
    private var before: UInt64
    private var retriesLeft = retries

    init(gap: ServerEvent.Gap) {
        self.gap = gap
        before = gap.to == .max ? .max : gap.to + 1
    }

    private var first: UInt64 { max(gap.from, gap.to - min(gap.to, Self.lineLimit - 1)) }

    /// The command that fetches the next page.
    mutating func ask(id: String) -> ClientCommand {
        request = id
        notBefore = nil
        let limit = min(before - first, Self.pageLines)
        return .history(room: gap.room, before: before, limit: Int(limit), id: id)
    }

    /// A page has arrived. Returns whether it was the last.
    mutating func received(_ page: ServerEvent.History) -> Bool {
        request = nil
        let wanted = page.messages.filter { first <= $0.seq && $0.seq < before }
        lines = wanted + lines
        // Lines that were deleted count, too.
        guard let oldest = page.first ?? wanted.first?.seq, oldest < before else { return true }
        before = oldest
        return !page.more || before <= first
    }

    /// The request was refused. Returns whether to give up.
    mutating func refused(_ problem: ServerEvent.Problem, at now: Instant) -> Bool {
        request = nil
        guard let wait = problem.retryAfter, retriesLeft > 0 else { return true }
        retriesLeft -= 1
        notBefore = now.advanced(byMilliseconds: wait)
        return false
    }
}
