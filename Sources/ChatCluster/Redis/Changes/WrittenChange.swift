internal import Chat

/// What a change does to what a shard keeps, as make.lua reads it.
struct WrittenChange: Encodable {
    let edits: [[String]]
    let waiting: [UInt64]
    let rejected: [UInt64]
    var approved: UInt64?
    let gone: [UInt64]
    var undone: UInt64?
    var restores: Bool?
    /// Numbers of 64 bits don't survive in Lua.
    let digest: String
    let keyed: UInt64
    let undoable: Int64

    init(_ write: ChangeWrite) {
        let change = write.change
        edits = write.edits.map(Self.fields)
        (waiting, rejected, gone) = (change.heldLines, change.rejected, change.goneLines)
        if case .approved(let id) = change.kind { approved = id }
        if case .restored(let restored) = change.kind {
            undone = restored.of
            if !restored.seqs.isEmpty { restores = true }
        }
        digest = String(write.digest)
        keyed = ShardLimits.changeKeys
        undoable = max(write.undoPeriod, 1)
    }

    /// What is done, a field of the room's state, and its value.
    private static func fields(_ edit: StateEdit) -> [String] {
        switch edit {
        case .settings(let settings): ["set", "settings", settings.stored]
        case .ban(let ban): ["set", StateField.ban + ban.place, JSONText.text(of: ban)]
        case .unban(let ban): ["del", StateField.ban + ban.place]
        case .term(let text, let action?): ["set", StateField.term + text, action.rawValue]
        case .term(let text, nil): ["del", StateField.term + text]
        }
    }
}
