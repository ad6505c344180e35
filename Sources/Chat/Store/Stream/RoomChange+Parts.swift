/// The parts of a change for those who need no more.
extension RoomChange {
    /// The same at another position of the room's lines.
    package func placed(after seq: UInt64) -> RoomChange {
        copy(after: seq, kind, purged)
    }

    /// The same without texts of lines. What keeps changes keeps this, so that a line that is
    /// deleted again is gone.
    package var withoutTexts: RoomChange {
        guard case .restored(var restored) = kind, !restored.lines.isEmpty else { return self }
        restored.lines = []
        return copy(after: after, .restored(restored), purged)
    }

    /// The same without the lines that are gone or back: what it means for people, their words and
    /// lines that wait.
    package var withoutLines: RoomChange {
        switch kind {
        case .deleted: return copy(after: after, .deleted(seqs: []), [])
        case .restored(var restored):
            (restored.lines, restored.seqs) = ([], [])
            return copy(after: after, .restored(restored), [])
        case .settings, .banned, .unbanned, .purged, .terms, .approved, .rejected, .past:
            return copy(after: after, kind, [])
        }
    }

    /// The same with the terms in another book.
    package func with(_ terms: TermState) -> RoomChange {
        switch kind {
        case .terms: return copy(after: after, .terms(terms), purged)
        case .restored(var restored):
            restored.terms = terms
            return copy(after: after, .restored(restored), purged)
        case .deleted, .settings, .banned, .unbanned, .purged, .approved, .rejected, .past:
            return self
        }
    }

    private func copy(after seq: UInt64, _ kind: Kind, _ purged: [UInt64]) -> RoomChange {
        var change = RoomChange(rev: rev, after: seq, time: time, kind: kind, purged: purged)
        change.rejected = rejected
        return change
    }
}
