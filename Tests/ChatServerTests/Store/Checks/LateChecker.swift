import Chat
import Synchronization

/// A checker that answers when a test says so.
final class LateChecker: LineChecker {
    private let state = Mutex((requests: [CheckRequest](), answers: [CheckAnswer]()))

    func submit(_ request: CheckRequest) { state.withLock { $0.requests.append(request) } }

    func takeAnswers(into answers: inout [CheckAnswer]) {
        answers += state.withLock { state in
            defer { state.answers = [] }
            return state.answers
        }
    }

    /// The tickets of all questions so far.
    var tickets: [UInt64] { state.withLock { $0.requests.map(\.ticket) } }

    /// The texts of all lines that it was asked about.
    var texts: [String] { state.withLock { $0.requests.map(\.draft.message) } }

    func answer(_ ticket: UInt64, _ verdict: CheckAnswer.Verdict) {
        state.withLock { $0.answers.append(CheckAnswer(ticket: ticket, verdict)) }
    }

    /// Answers about the last line with this text.
    func answer(_ text: String, _ verdict: CheckAnswer.Verdict) {
        let found = state.withLock { state in state.requests.last { $0.draft.message == text } }
        if let found { answer(found.ticket, verdict) }
    }
}
