/// What the changes of a room add up to, and the rules by which it changes. It keeps no log: a
/// change that is to be undone is handed in.
package struct RoomLedger: Sendable {
    /// The number of the last change.
    package private(set) var rev: UInt64 = 0
    package private(set) var settings = RoomSettings()
    package private(set) var terms: any TermBook
    /// In the order in which they were made. Some may be over.
    package private(set) var bans: [Ban] = []

    /// A room without changes. It has the terms of `noTerms`.
    package init(noTerms: any TermBook) { terms = noTerms }

    /// What a room is known to have.
    package init(rev: UInt64, _ settings: RoomSettings, bans: [Ban], terms: any TermBook) {
        (self.rev, self.settings, self.bans, self.terms) = (rev, settings, bans, terms)
    }

    /// Decides on a request, which has the evidence. `undone` is the change that it undoes, if
    /// that is known. Nothing has changed until the change is applied. Throws if it may not be
    /// made.
    package func make(
        _ request: ChangeRequest, undoing undone: LedgerEntry? = nil,
        undoPeriod: Int64 = Undo.standardPeriod
    ) throws(Refusal) -> LedgerEntry {
        let (kind, lines) = try decision(on: request, undone, undoPeriod)
        let rejected = try request.rejected(by: kind)
        let purges = if case .deleted = kind { false } else { true }
        var change = RoomChange(
            rev: rev + 1, after: request.evidence?.last ?? 0, time: request.time, kind: kind,
            purged: purges ? lines.map(\.seq).sorted() : [])
        change.rejected = rejected.map(\.id)
        var held = rejected
        if let id = request.wanted.held { held = [try request.decided(id)] }
        var edits: [TermEdit] = []
        if case .terms(let order) = request.wanted { edits = order.edits(of: terms) }
        return LedgerEntry(change, request, lines: lines, held: held, before: settings, edits)
    }

    /// A change is in force.
    package mutating func apply(_ change: RoomChange) {
        rev = change.rev
        settings = change.settings ?? settings
        terms = change.terms?.book ?? terms
        switch change.kind {
        case .banned(let ban):
            bans.removeAll { $0.isOver(at: change.time) || $0.isReplaced(by: ban) }
            bans.append(ban)
        case .unbanned(let ended): bans.removeAll { ended.contains($0) }
        case .restored(let restored): bans.removeAll { $0 == restored.ban }
        case .deleted, .settings, .purged, .terms, .approved, .rejected, .past: break
        }
    }

    /// The numbers go on above this one, because an epoch with higher ones is lost.
    package mutating func raise(to rev: UInt64) { self.rev = max(self.rev, rev) }

    /// What a request does, and the lines that it deletes.
    private func decision(
        on request: ChangeRequest, _ undone: LedgerEntry?, _ undoPeriod: Int64
    ) throws(Refusal) -> (RoomChange.Kind, [Line]) {
        let evidence = request.evidence ?? ChangeRequest.Evidence()
        let (author, now) = (request.author, request.time)
        let named = evidence.line(request.wanted.line)
        switch request.wanted {
        case .delete(let seqs):
            let chosen = try Deletion.chosen(seqs, among: evidence.lines, by: author, at: now)
            return (.deleted(seqs: chosen.map(\.seq)), chosen)
        case .purge(let order):
            let match = try LineMatch(
                order, line: named, from: evidence.origin, by: author, at: now)
            let chosen = evidence.lines(of: match)
            guard !chosen.isEmpty || evidence.held.contains(where: match.takes) else {
                throw .noSuchLine
            }
            return (.purged(user: chosen.onlyUser), chosen)
        case .settings, .panic:
            guard author.moderates else { throw .notModerator }
            return (.settings(settings.after(request.wanted) ?? settings), [])
        case .ban(let order):
            let target = try order.target(line: named, from: evidence.origin, by: author)
            let match = LineMatch(of: target, by: author)
            return (
                .banned(Ban(order, rev: rev + 1, target, for: request)),
                order.purges ? evidence.lines(of: match) : []
            )
        case .unban(let order):
            let inForce = bans.filter { !$0.isOver(at: now) }
            return (.unbanned(try order.chosen(among: inForce, line: named, by: author)), [])
        case .approve(let id): return (.approved(held: try request.decided(id).id), [])
        case .reject(let id): return (.rejected(held: try request.decided(id).id), [])
        case .terms(let order):
            guard author.moderates else { throw .notModerator }
            return (.terms(TermState(try terms.changed(by: order))), [])
        case .undo(let other):
            try Undo.check(undone?.forUndo, by: author, at: now, period: undoPeriod)
            guard let undone else { throw .nothingToUndo }
            let isOlder = other <= evidence.priorRev
            return (.restored(try restoration(of: undone, other, withLines: !isOlder)), [])
        }
    }

    /// What comes back if a change is undone.
    private func restoration(
        of entry: LedgerEntry, _ rev: UInt64, withLines hasLines: Bool
    ) throws(Refusal) -> Restoration {
        var restored = Restoration(of: rev)
        if hasLines {
            restored.add(entry.lines)
            if entry.lines.isEmpty { restored.seqs = entry.change.goneLines }
        }
        if case .banned(let ban) = entry.change.kind, bans.contains(ban) { restored.ban = ban }
        if case .settings(let new) = entry.change.kind {
            restored.settings = settings.undoing(from: entry.before, to: new)
        }
        if !entry.edits.isEmpty {
            let order = TermsOrder(undoing: entry.edits, in: terms)
            restored.terms = TermState(try terms.changed(by: order))
        }
        return restored
    }

    /// The bans in force that were made after a change, the oldest first.
    package func report(bansAfter rev: UInt64, limit: Int, at time: Timestamp) -> Report {
        let found = bans.filter { $0.rev > rev && !$0.isOver(at: time) }
        return Report(found.prefix(limit + 1).map { EventWriter.entry($0) }, atMost: limit)
    }

    /// The terms behind a text.
    package func report(termsAfter text: String, limit: Int) -> Report {
        let found = terms.terms.drop { !text.precedes($0.text) }
        return Report(found.prefix(limit + 1).map { EventWriter.entry($0) }, atMost: limit)
    }
}
