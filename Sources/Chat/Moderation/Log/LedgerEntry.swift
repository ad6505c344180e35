/// A change in a ``Ledger``, with what is needed to undo it.
struct LedgerEntry: Sendable {
    let change: RoomChange
    /// The lines that it has deleted.
    let lines: [Line]
    /// The settings of the room before.
    let before: RoomSettings
    /// What it has done to terms.
    let edits: [TermEdit]
    /// The change that has undone it.
    var undone: UInt64?
    private let action: String
    private let by: String
    private let rank: Badge
    private let note: String

    init(
        _ change: RoomChange, _ request: ChangeRequest, lines: [Line], held: [HeldLine],
        before: RoomSettings, _ edits: [TermEdit]
    ) {
        self.change = change
        self.lines = lines
        self.before = before
        self.edits = edits
        action = LogText.action(of: request.wanted)
        by = request.author.user ?? ""
        rank = request.author.rank
        note = LogText.note(on: change.kind, for: request.wanted, lines, held: held)
    }

    var forUndo: Undo.Entry {
        Undo.Entry(action: action, time: change.time, rank: rank, isUndone: undone != nil)
    }

    var text: String {
        LogText.entry(
            rev: change.rev, time: change.time, by: by, action: action, note: note,
            undone: undone)
    }
}
