internal import Chat

/// A group of the server's lines, split by shard. The server gets one answer for all.
struct SplitGroup {
    /// The lines for each shard, and the place of each in the group.
    private(set) var submissions: [[Submission]]
    private var places: [[Int]]
    private var answers: [SubmissionAnswer]
    private var unanswered: Int

    init(_ group: [Submission], shards: Int, shard: (RoomName) -> Int) {
        submissions = Array(repeating: [], count: shards)
        places = Array(repeating: [], count: shards)
        answers = Array(repeating: .failed, count: group.count)
        unanswered = group.count
        for (place, submission) in group.enumerated() {
            let shard = shard(submission.draft.room)
            submissions[shard].append(submission)
            places[shard].append(place)
        }
    }

    /// One answer for each line, in order. Nil until all are known.
    var outcome: [SubmissionAnswer]? { unanswered == 0 ? answers : nil }

    mutating func answered(_ outcomes: [SubmissionAnswer], by shard: Int) {
        for (place, outcome) in zip(places[shard], outcomes) { answers[place] = outcome }
        unanswered -= outcomes.count
    }
}
