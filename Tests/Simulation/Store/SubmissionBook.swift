internal import Chat

/// A simulated store's record of submissions by id: the true outcomes of lines that were answered
/// with "unknown", and the ids that may come next.
struct SubmissionBook {
    private struct Untold {
        let submission: Submission
        /// The true outcome. Nil if the line isn't stored.
        let truth: SubmissionAnswer?
    }

    private var untold: [UInt64: Untold] = [:]
    /// The ids that were last answered with ``SubmissionAnswer/unknown``.
    private var expected: [UInt64] = []
    /// The lowest id that was never submitted.
    private var fresh: UInt64 = 0

    /// A group has arrived. Returns the server's breaches of the contract.
    ///
    /// Lines with an unknown outcome must come first in the next group, in order. Otherwise a line
    /// could overtake an earlier one of the same sender.
    mutating func received(_ group: [Submission]) -> [String] {
        var breaches: [String] = []
        if group.isEmpty { breaches.append("an empty group was submitted") }
        let again = group.prefix(expected.count)
        if again.map(\.id) != expected {
            breaches.append("\(again.map(\.id)) were submitted instead of the unknown \(expected)")
        }
        for submission in group {
            if let known = untold[submission.id] {
                guard known.submission != submission else { continue }
                breaches.append("submission \(submission.id) came again with another line")
            } else if submission.id < fresh {
                breaches.append("submission \(submission.id) came again, though it was answered")
            } else {
                fresh = submission.id + 1
            }
        }
        return breaches
    }

    /// Whether the server was told that the outcome of a submission is unknown.
    func isUntold(_ id: UInt64) -> Bool { untold[id] != nil }

    /// Stores the lines of a group that aren't stored yet. Returns their entries.
    mutating func store(_ group: [Submission], on disk: inout Disk) -> EntriesByRoom {
        let fresh = group.filter { untold[$0.id]?.truth == nil }
        var entries = EntriesByRoom()
        for (submission, line) in zip(fresh, disk.append(fresh.map(\.draft))) {
            let truth = SubmissionAnswer.ordered(seq: line.seq, time: line.time)
            untold[submission.id] = Untold(submission: submission, truth: truth)
            entries.add(.line(line), in: submission.draft.room)
        }
        return entries
    }

    /// Lines that aren't on the disk any more were never stored.
    mutating func failedOver(to disk: Disk) {
        for (id, line) in untold {
            guard case .ordered(let seq, _)? = line.truth,
                disk.line(seq, of: line.submission.draft.room)?.isDeleted == true
            else { continue }
            untold[id] = Untold(submission: line.submission, truth: nil)
        }
    }

    /// Answers a group with the true outcomes, except those that can't be told. `canTell` decides
    /// that, and gets whether the outcome was unknown before.
    mutating func answer(
        _ group: [Submission], telling canTell: (_ wasUntold: Bool) -> Bool
    ) -> [SubmissionAnswer] {
        expected = []
        return group.map { submission in
            let truth = untold[submission.id]?.truth
            if canTell(untold[submission.id] != nil) {
                untold[submission.id] = nil
                return truth ?? .failed
            }
            untold[submission.id] = Untold(submission: submission, truth: truth)
            expected.append(submission.id)
            return .unknown
        }
    }
}
