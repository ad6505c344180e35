/// Which lines somebody may delete.
public enum Deletion {
    /// How long authors may delete their own lines, in milliseconds.
    public static let ownPeriod: Int64 = 300_000

    /// Throws if `author` may not delete a line at this time.
    public static func check(
        _ line: Line, by author: Author, at time: Timestamp
    ) throws(Refusal) {
        if author.owns(line) {
            let age = time.milliseconds.subtractingReportingOverflow(line.time.milliseconds)
            if author.moderates || (!age.overflow && age.partialValue <= ownPeriod) { return }
            throw .tooLateToDelete
        }
        guard author.moderates else { throw .notModerator }
        guard author.outranks(line.author) else { throw .betterRank }
    }

    /// The lines to delete among those that exist, in the order in which they are wanted. Throws if
    /// there is none, or if one of them may not be deleted. Lines that are already deleted don't
    /// count.
    public static func chosen(
        _ seqs: [UInt64], among lines: [Line], by author: Author, at time: Timestamp
    ) throws(Refusal) -> [Line] {
        let existing = Dictionary(lines.map { ($0.seq, $0) }) { first, _ in first }
        var (chosen, known): ([Line], Set<UInt64>) = ([], [])
        for seq in seqs where known.insert(seq).inserted {
            guard let line = existing[seq], !line.isDeleted else { continue }
            try check(line, by: author, at: time)
            chosen.append(line)
        }
        guard !chosen.isEmpty else { throw .noSuchLine }
        return chosen
    }
}
