/// A change as the log of moderation has it, with what is needed to undo it.
package struct LedgerEntry: Equatable, Sendable {
    package let change: RoomChange
    /// The lines that it has deleted. Empty if they are kept elsewhere.
    package var lines: [Line] = []
    /// The settings of the room before.
    package let before: RoomSettings
    /// What it has done to terms.
    package let edits: [TermEdit]
    /// The change that has undone it.
    package var undone: UInt64?
    let action: String
    let by: String
    let rank: Badge
    let note: String

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

    init(
        _ change: RoomChange, action: String, by author: String, rank: Badge, note: String,
        before: RoomSettings, _ edits: [TermEdit]
    ) {
        (self.change, self.action, by, self.rank) = (change, action, author, rank)
        (self.note, self.before, self.edits) = (note, before, edits)
    }

    var forUndo: Undo.Entry {
        Undo.Entry(action: action, time: change.time, rank: rank, isUndone: undone != nil)
    }

    /// The entry of the answer to `modlog`.
    package var text: String {
        LogText.entry(
            rev: change.rev, time: change.time, by: by, action: action, note: note,
            undone: undone)
    }

    /// Whether it is the same change by the same author, read from where it is kept.
    package func isMade(like other: LedgerEntry) -> Bool {
        change.placed(after: 0).withoutTexts == other.change.placed(after: 0).withoutTexts
            && action == other.action && by.hasSameBytes(as: other.by) && rank == other.rank
            && note.hasSameBytes(as: other.note)
    }
}
