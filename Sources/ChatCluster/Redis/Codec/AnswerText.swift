internal import Chat

/// The answers to the lines of an append as a text: the number of the first new line, and then what
/// isn't a new line: `PLACE=SEQ,TIME` for a line that was said before, `PLACE!` for a key that was
/// sent with another text. Places count from 0.
enum AnswerText {
    /// Nil if the text can't be read.
    static func answers(_ text: String, to submissions: [Submission]) -> [SubmissionAnswer]? {
        let words = text.split(separator: " ")
        guard var next = words.first.flatMap({ UInt64($0) }) else { return nil }
        var exceptions = words.dropFirst()
        var answers: [SubmissionAnswer] = []
        answers.reserveCapacity(submissions.count)
        for (place, submission) in submissions.enumerated() {
            if let word = exceptions.first, let answer = answer(word, at: place) {
                answers.append(answer)
                exceptions = exceptions.dropFirst()
            } else {
                answers.append(.ordered(seq: next, time: submission.draft.time))
                next += 1
            }
        }
        return exceptions.isEmpty ? answers : nil
    }

    /// Nil if the exception is at another place, or can't be read.
    private static func answer(_ word: Substring, at place: Int) -> SubmissionAnswer? {
        let number = String(place)
        guard word.hasPrefix(number) else { return nil }
        let rest = word.dropFirst(number.count)
        if rest == "!" { return .otherText }
        guard rest.hasPrefix("="), let said = said(rest.dropFirst()) else { return nil }
        return .already(seq: said.seq, time: said.time)
    }

    /// What is kept of a line with a key: `SEQ,TIME`. Nil if it can't be read.
    static func said(_ text: Substring) -> (seq: UInt64, time: Timestamp)? {
        let parts = text.split(separator: ",")
        guard parts.count == 2, let seq = UInt64(parts[0]), let time = Int64(parts[1]) else {
            return nil
        }
        return (seq, Timestamp(milliseconds: time))
    }
}
