internal import Chat
internal import Reactor

/// Lines of a gap that are being fetched from the server's history, the latest page first.
struct Recall: Equatable, Sendable {
    /// Lines of a page, the most that the protocol allows.
    private static let pageLines = UInt64(Command.lineLimit)
    /// Lines that are fetched of a gap, its last ones: more than anybody reads.
    private static let lineLimit: UInt64 = 1_000
    /// Times that a page is asked for again.
    private static let retries = 3

    let gap: ServerEvent.Gap
    /// What has come, oldest first.
    private(set) var lines: [ServerEvent.Message] = []
    /// Of the request that isn't answered.
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

    /// Whether that was the last page.
    mutating func received(_ page: ServerEvent.History) -> Bool {
        request = nil
        let wanted = page.messages.filter { first <= $0.seq && $0.seq < before }
        lines = wanted + lines
        guard let oldest = wanted.first else { return true }
        before = oldest.seq
        return !page.more || before <= first
    }

    /// Whether to give up.
    mutating func refused(_ problem: ServerEvent.Problem, at now: Instant) -> Bool {
        request = nil
        guard let wait = problem.retryAfter, retriesLeft > 0 else { return true }
        retriesLeft -= 1
        notBefore = now.advanced(byMilliseconds: wait)
        return false
    }
}
