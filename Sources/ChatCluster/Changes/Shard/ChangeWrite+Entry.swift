package import Chat

extension ChangeWrite {
    /// What an entry of the log, which is the next one of its room, means for what is kept.
    package init(
        _ entry: LedgerEntry, of request: ChangeRequest, on ledger: RoomLedger,
        undoPeriod: Int64
    ) {
        let change = entry.change
        var after = ledger
        after.apply(change)
        var edits: [StateEdit] = []
        if let settings = change.settings { edits.append(.settings(settings)) }
        switch change.kind {
        case .banned(let ban):
            edits += ledger.bans.filter { $0.isOver(at: change.time) }.map { .unban($0) }
            edits.append(.ban(ban))
        case .unbanned(let bans): edits += bans.map { .unban($0) }
        case .restored(let restored): edits += [restored.ban].compactMap(\.self).map { .unban($0) }
        case .deleted, .settings, .purged, .terms, .approved, .rejected, .past: break
        }
        if change.terms != nil { edits += Self.edits(from: ledger.terms, to: after.terms) }
        var kept = entry
        kept.lines = []
        self.init(
            change: change, entry: kept, edits: edits, key: ChangeKey(request),
            digest: request.wanted.digest, undoPeriod: undoPeriod)
    }

    private static func edits(
        from old: any TermBook, to new: any TermBook
    ) -> [StateEdit] {
        let before = Set(old.terms)
        let after = Set(new.terms)
        let texts = Set(after.map { ByteText($0.text) })
        return before.filter { !texts.contains(ByteText($0.text)) }.map { .term($0.text, nil) }
            + after.subtracting(before).map { .term($0.text, $0.action) }
    }
}
