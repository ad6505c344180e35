internal import Chat

/// What a simulated store knows of submissions by their ids: where the lines are whose fate it
/// didn't tell, and which ids may come next.
struct SubmissionBook {
    private struct Untold {
        let submission: Submission
        /// What is true of it; nil if it isn't stored.
        let truth: SubmissionAnswer?
    }

    private var untold: [UInt64: Untold] = [:]
    /// The ids that were answered with ``SubmissionAnswer/unknown`` the last time.
    private var expected: [UInt64] = []
    /// The least id that was never submitted.
    private var fresh: UInt64 = 0

    /// A group comes in. Returns what the server has done against the contract with it.
    ///
    /// Lines whose fate is unknown must come first in the next group, in their order: otherwise a
    /// line could overtake an earlier one of the same sender.
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

    /// Whether the server was told that the fate of a submission is unknown.
    func isUntold(_ id: UInt64) -> Bool { untold[id] != nil }

    /// Stores those lines of a group that are not stored yet. Returns their entries.
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

    /// Answers a group: with what is true, unless it can't be told. `canTell` decides that, and is
    /// told whether it could not be told before.
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
