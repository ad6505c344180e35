internal import Chat
internal import Dispatch

/// What the writer has to do for changes: those that wait, and what is left to do of those that
/// were made.
struct ChangeProgress {
    /// A change that isn't made yet.
    struct Pending {
        enum Stage {
            case new
            /// Looking for its lines.
            case scan(LineScan)
            /// The lines of a change that is undone are put back, up to this one. They stay hidden.
            case putBack(upTo: UInt64)
            case ready
        }

        let request: ChangeRequest
        /// The last line of the room when it was asked for. It deletes no later one.
        let last: UInt64
        var stage = Stage.new
        var evidence = ChangeRequest.Evidence()

        var isUndo: Bool { if case .undo = request.wanted { true } else { false } }
    }

    /// In order. The first one is being prepared.
    var pending: [Pending] = []
    /// Whether lines of changes may have to be erased.
    var isErasing = false
    /// Whether lines were to be erased or put back and weren't.
    var hasFailed = false
    /// Whether logs of commits, or databases that were set aside, may have texts of deleted lines.
    var hasLogs = false
    /// Changes that were undone, whose lines are back but may not be on the disk.
    var undone: [(room: RoomName, rev: UInt64)] = []
    /// Those whose lines are.
    var settled: [(room: RoomName, rev: UInt64)] = []
    /// When deleted lines leave the file of changes.
    var keptEnd = DispatchTime.distantFuture

    /// Whether there is something to do now.
    var isDue: Bool { !pending.isEmpty || isErasing || !settled.isEmpty }

    /// The lines are in another file from now on.
    mutating func begin(undone: [(room: RoomName, rev: UInt64)]) {
        (self.undone, settled) = (undone, [])
        isErasing = true
        hasFailed = false
        hasLogs = true
        for place in pending.indices {
            pending[place].stage = .new
            pending[place].evidence = ChangeRequest.Evidence()
        }
    }

    /// The first change won't be made. If it is an undo, its lines may be in the file again.
    mutating func gaveUp() {
        if pending.first?.isUndo ?? false { (hasFailed, hasLogs) = (true, true) }
    }

    /// Nothing can be stored for now. Returns the answers to the changes that wait.
    mutating func drop() -> [OrdererReply] {
        gaveUp()
        defer { pending = [] }
        return pending.map { .changed(id: $0.request.id, .failed) }
    }
}
