internal import Chat

/// Keys of lines whose outcome nobody knows. If such a line comes again and isn't taken, it may
/// still be said, so that it must not count as failed.
struct DoubtfulKeys {
    fileprivate struct Key: Hashable {
        let room: RoomName
        let isUser: Bool
        let name: String
        let key: String
    }

    /// When each is forgotten: shards don't know it then, either.
    private var keys: [Key: UInt64] = [:]

    /// Returns the answers as they are true, and keeps what they say in mind.
    mutating func checked(
        _ answers: [SubmissionAnswer], to submissions: [Submission], at now: UInt64
    ) -> [SubmissionAnswer] {
        if keys.isEmpty, !answers.contains(.uncertain) { return answers }
        keys = keys.filter { $0.value > now }
        return zip(answers, submissions).map { answer, submission in
            guard let key = Key(submission.draft) else { return answer }
            switch answer {
            case .uncertain:
                keys[key] = now + UInt64(RecentSends.period)
                return answer
            case .failed: return keys[key] == nil ? .failed : .uncertain
            case .ordered, .already, .otherText, .unknown:
                keys[key] = nil
                return answer
            }
        }
    }
}

extension DoubtfulKeys.Key {
    /// Nil if the line has no key.
    fileprivate init?(_ draft: Draft) {
        guard let key = draft.key else { return nil }
        let user = draft.author.user
        self.init(
            room: draft.room, isUser: user != nil, name: user ?? draft.username, key: key)
    }
}
