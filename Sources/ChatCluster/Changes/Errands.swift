internal import Chat

/// What a node has to do on a shard besides: erase lines, and tell other nodes something. Each can
/// be done twice.
struct Errands {
    /// Milliseconds after which it looks for lines that another node has left unerased.
    private static let sweep: UInt64 = 10_000
    /// Milliseconds after which something that has failed is tried again.
    private static let retry: UInt64 = 1_000
    /// Notices that may wait. The oldest are dropped.
    private static let notices = 1_000

    private var unerased: [(room: RoomName, rev: UInt64)] = []
    private var isErasing = false
    private var isSweeping = false
    private var nextSweep: UInt64 = 0
    private var drops: [[UInt64]] = []
    private var notices: [ServerNotice] = []
    private var nextTry: UInt64 = 0

    /// When there is something to do. `UInt64.max` for never.
    var next: UInt64 {
        let isIdle = (unerased.isEmpty || isErasing) && drops.isEmpty && notices.isEmpty
        return min(isSweeping ? .max : max(nextSweep, nextTry), isIdle ? .max : nextTry)
    }

    /// Lines of a change have yet to be erased.
    mutating func erase(_ room: RoomName, _ rev: UInt64) {
        guard !unerased.contains(where: { $0 == (room, rev) }) else { return }
        unerased.append((room, rev))
    }

    /// Lines that wait are never said.
    mutating func drop(_ ids: [UInt64]) { drops.append(ids) }

    mutating func notify(_ notice: ServerNotice) {
        notices.append(notice)
        if notices.count > Self.notices { notices.removeFirst() }
    }

    /// Takes what is to be done now.
    mutating func take(
        by run: NodeRun, at now: UInt64
    ) -> [(command: ChangeCommand, purpose: ChangeCommands.Purpose)] {
        guard next <= now else { return [] }
        var taken: [(command: ChangeCommand, purpose: ChangeCommands.Purpose)] = []
        for ids in drops { taken.append((.drop(ids), .drop(ids))) }
        for notice in notices { taken.append((.notify(run, notice), .notice(notice))) }
        (drops, notices) = ([], [])
        if !isErasing, let (room, rev) = unerased.first {
            isErasing = true
            taken.append((.erase(room, rev: rev), .erasing))
        }
        if !isSweeping, nextSweep <= now {
            isSweeping = true
            nextSweep = now + Self.sweep
            taken.append((.unerased, .unerased))
        }
        return taken
    }

    /// So many lines are left of those that were to be erased.
    mutating func erased(left: Int) {
        isErasing = false
        if left == 0, !unerased.isEmpty { unerased.removeFirst() }
    }

    mutating func swept(_ found: [RoomName: [UInt64]]) {
        isSweeping = false
        for (room, revs) in found { for rev in revs { erase(room, rev) } }
    }

    /// Something was not done, or nobody knows.
    mutating func failed(_ purpose: ChangeCommands.Purpose, at now: UInt64) {
        nextTry = now + Self.retry
        switch purpose {
        case .drop(let ids): drops.append(ids)
        case .notice(let notice): notify(notice)
        case .erasing: isErasing = false
        case .unerased: isSweeping = false
        case .opening, .news, .change, .report, .held: break
        }
    }

    /// There is a new connection: nothing has to wait.
    mutating func entered() { (nextTry, nextSweep) = (0, 0) }
}
