internal import Chat
internal import Reactor

/// How the store fares, as others are told.
extension History {
    /// Bytes of all that waits here.
    @inline(__always)
    var bytes: Int {
        commits.bytes + reads.bytes + sends.count * MemoryLayout<StoredSend>.stride
    }

    /// Why a server must not count as ready, as a sentence. Nil if it may, as it may while a store
    /// is about to open, because lines wait for it.
    func trouble(at now: CoarseTime) -> String? {
        switch phase {
        case .failing: "History can't be written."
        case .checking: "History is being checked."
        case .opening, .open: patience.isOver(at: now) ? silence : nil
        }
    }

    /// Whether the orderer may take something. One that is shared knows better, because its rooms
    /// don't fail together, and it answers at once.
    @inline(__always)
    var mayTake: Bool { phase != .failing || isShared }

    private var silence: String {
        isShared ? "The cluster doesn't answer." : "The disk doesn't answer."
    }

    /// Whether no accepted line is still on its way.
    var isSettled: Bool {
        commits.isEmpty && changes.count + changes.holds.count + lineChecks.count == 0
    }
}
