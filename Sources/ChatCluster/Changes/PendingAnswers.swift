internal import Chat

/// Answers to the server that wait until it knows what they report.
struct PendingAnswers {
    private struct Answer {
        let reply: OrdererReply
        /// It is among the news up to there.
        let news: UInt64
        /// The change that it is about.
        let change: (room: RoomName, rev: UInt64)?
    }

    private var answers: [Answer] = []

    var isEmpty: Bool { answers.isEmpty }

    mutating func add(
        _ reply: OrdererReply, news: UInt64, change: (room: RoomName, rev: UInt64)? = nil
    ) {
        answers.append(Answer(reply: reply, news: news, change: change))
    }

    /// Takes those that the server can be given now, in order.
    mutating func take(
        news: UInt64, _ isTold: (_ room: RoomName, _ rev: UInt64) -> Bool
    ) -> [OrdererReply] {
        guard !answers.isEmpty else { return [] }
        var (taken, left): ([OrdererReply], [Answer]) = ([], [])
        for answer in answers {
            if answer.news <= news, answer.change.map({ isTold($0.room, $0.rev) }) ?? true {
                taken.append(answer.reply)
            } else {
                left.append(answer)
            }
        }
        answers = left
        return taken
    }

    /// Takes all, because everything is told anew.
    mutating func takeAll() -> [OrdererReply] {
        defer { answers = [] }
        return answers.map(\.reply)
    }
}
