/// What changes mean for lines that wait.
extension ChangeRequest {
    /// Whether the change may be about lines that wait.
    package var concernsHeldLines: Bool {
        switch wanted {
        case .approve, .reject, .ban, .purge: true
        case .delete, .settings, .panic, .unban, .terms, .undo: false
        }
    }

    /// The held line that a moderator decides about. Throws if it doesn't wait for that.
    package func decided(_ id: UInt64) throws(Refusal) -> HeldLine {
        guard author.moderates else { throw .notModerator }
        let line = evidence?.held.first { $0.id == id && $0.draft.room == room }
        guard let line, !line.isApproved else { throw .notHeld }
        return line
    }

    /// The held lines that are never said because of a change.
    package func rejected(by change: RoomChange.Kind) throws(Refusal) -> [HeldLine] {
        let held = evidence?.held ?? []
        guard !held.isEmpty else { return [] }
        switch change {
        case .rejected(let id): return held.filter { $0.id == id }
        case .banned(let ban):
            guard case .ban(let order) = wanted, !ban.isTimeout || order.purges else { return [] }
            return held.filter { ban.meets($0.visitor) }
        case .purged:
            guard let match = try evidence?.match(for: self) else { return [] }
            return held.filter { match.takes($0) }
        case .deleted, .settings, .unbanned, .terms, .restored, .approved, .past: return []
        }
    }
}

extension LineMatch {
    /// Whether a purge takes a line that waits.
    package func takes(_ line: HeldLine) -> Bool { takes(line.asLast, from: line.draft.origin) }
}

extension Refusal {
    static let notHeld = Refusal(
        .notFound, "There is no such line: it was said, or rejected, or never waited.")

    /// Refuses a line because too many wait. `retryAfter` is in milliseconds.
    static let tooManyHeld = Refusal(
        .storeUnavailable,
        "Too many lines wait for the moderators of this room; try again in 10 seconds.",
        retryAfter: 10_000)
}
