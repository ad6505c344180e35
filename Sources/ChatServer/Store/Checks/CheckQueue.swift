internal import Chat
internal import Reactor

/// Lines that are being checked before they are said. The lines of one sender are said in their
/// order, whatever the order of the answers; nobody waits for the lines of others.
struct CheckQueue {
    /// Lines that may be checked at once.
    static let limit = 1_024
    /// Tells their tickets from those of lines that are being stored. Tickets of lines that are to
    /// wait are higher.
    private static let mark: UInt64 = 1 << 62

    /// A line that is being checked.
    struct Check {
        let draft: Draft
        let sender: Token
        /// The rules of its room, and why it waits afterwards. Nil if it doesn't.
        let rules: RoomRules
        let reason: HeldLine.Reason?
        /// Connections that have sent it again in the meantime.
        fileprivate(set) var others: [Token] = []
        fileprivate(set) var verdict: CheckAnswer.Verdict?

        var askers: [Token] { [sender] + others }
    }

    /// Nil if lines aren't checked.
    let checker: (any LineChecker)?
    let failure: CheckFailure
    private var waiting: [UInt64: Check] = [:]
    /// The tickets of each sender, in order.
    private var senders: [Token: [UInt64]] = [:]
    private(set) var nextTicket = Self.mark
    private var answers: [CheckAnswer] = []
    /// The bytes of all texts here.
    private(set) var bytes = 0
    /// Answers by what they say.
    private(set) var counts: [CheckAnswer.Kind: UInt64] = [:]

    init(_ checker: (any LineChecker)?, failure: CheckFailure) {
        (self.checker, self.failure) = (checker, failure)
    }

    static func isTicket(_ ticket: UInt64) -> Bool { ticket >= mark }

    var count: Int { waiting.count }

    /// Whether a line is to be checked. Moderators are trusted, and so is the room itself.
    @inline(__always)
    func takes(_ draft: Draft) -> Bool {
        guard checker != nil else { return false }
        return !draft.author.moderates && draft.author.badge != .system
    }

    /// Whether another line of a sender may be checked now. If not, and if none of its lines is
    /// being checked, the line counts as one that could not be checked.
    func hasRoom(limit bytes: Int) -> Bool { waiting.count < Self.limit && self.bytes < bytes }

    func isChecking(_ sender: Token) -> Bool { senders[sender] != nil }

    /// A line is being checked, with ``nextTicket``.
    mutating func append(
        _ draft: Draft, from sender: Token, _ rules: RoomRules, because reason: HeldLine.Reason?
    ) {
        let ticket = nextTicket
        nextTicket += 1
        waiting[ticket] = Check(draft: draft, sender: sender, rules: rules, reason: reason)
        senders[sender, default: []].append(ticket)
        bytes += draft.message.utf8.count
        checker?.submit(CheckRequest(ticket: ticket, draft: draft))
    }

    /// Another connection waits for a line that is being checked.
    mutating func awaited(_ ticket: UInt64, by token: Token) {
        waiting[ticket]?.others.append(token)
    }

    /// Takes the lines that can be said, or refused, now. Each has a verdict.
    mutating func take() -> [(check: Check, verdict: CheckAnswer.Verdict)] {
        checker?.takeAnswers(into: &answers)
        var done: [(check: Check, verdict: CheckAnswer.Verdict)] = []
        for answer in answers {
            guard let sender = waiting[answer.ticket]?.sender else { continue }
            counts[answer.verdict.kind, default: 0] += 1
            waiting[answer.ticket]?.verdict = answer.verdict
            while let first = senders[sender]?.first, let check = waiting[first],
                let verdict = check.verdict
            {
                waiting[first] = nil
                bytes -= check.draft.message.utf8.count
                senders[sender]?.removeFirst()
                done.append((check, verdict))
            }
            if senders[sender]?.isEmpty ?? false { senders[sender] = nil }
        }
        answers.removeAll(keepingCapacity: true)
        return done
    }

    /// A line could not be checked because there are too many.
    mutating func overflowed() { counts[.failed, default: 0] += 1 }
}
