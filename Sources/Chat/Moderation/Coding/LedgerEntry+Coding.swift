/// Without the lines that it has deleted, and without texts.
extension LedgerEntry: Codable {
    private struct Fields: Codable {
        var v = StoredForm.version
        let change: RoomChange
        let action: String
        let by: String
        let rank: Badge
        let note: String
        let before: RoomSettings
        let edits: String?
        let undone: UInt64?
    }

    package init(from decoder: any Decoder) throws {
        let fields = try Fields(from: decoder)
        try StoredForm.check(fields.v)
        self.init(
            fields.change, action: fields.action, by: fields.by, rank: fields.rank,
            note: fields.note, before: fields.before,
            fields.edits.map { [TermEdit](stored: $0) } ?? [])
        undone = fields.undone
    }

    package func encode(to encoder: any Encoder) throws {
        try Fields(
            change: change.withoutTexts, action: action, by: by, rank: rank, note: note,
            before: before, edits: edits.isEmpty ? nil : edits.stored, undone: undone
        ).encode(to: encoder)
    }
}
