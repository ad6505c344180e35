internal import Chat
internal import Dispatch
internal import Outgoing
internal import Synchronization
internal import Webhooks

/// Asks somebody outside about lines before they are said, on threads of its own. Each line has an
/// answer in time: one that no thread has come to counts as failed, too.
final class CheckService: LineChecker {
    /// Questions that are asked at once. Each has a thread, which keeps its connection.
    private static let threads = 16
    private static let answerLimit = 65_536
    /// Milliseconds between two looks for questions that nobody has come to.
    private static let interval = 50

    private struct State {
        /// In order, with the time until which there must be an answer, in milliseconds.
        var waiting: [(request: CheckRequest, end: UInt64)] = []
        /// Those at the start of the list that were taken.
        var taken = 0
        var answers: [CheckAnswer] = []
        /// Threads that exist, and those of them that have nothing to do.
        var threads = 0
        var idle = 0
        var isWatched = false

        mutating func next() -> (request: CheckRequest, end: UInt64)? {
            guard taken < waiting.count else { return nil }
            defer {
                taken += 1
                if taken == waiting.count { (waiting, taken) = ([], 0) }
            }
            return waiting[taken]
        }
    }

    private let settings: CheckSettings
    private let secret: WebhookSecret?
    private let state = Mutex(State())
    private let work = DispatchSemaphore(value: 0)
    private let wake: @Sendable () -> Void
    private let watcher = DispatchQueue(label: "checks")

    init(
        _ settings: CheckSettings, secret: WebhookSecret?, wake: @escaping @Sendable () -> Void
    ) {
        (self.settings, self.secret, self.wake) = (settings, secret, wake)
    }

    func submit(_ request: CheckRequest) {
        let end = Self.now + UInt64(settings.timeout)
        let (needsThread, needsWatch) = state.withLock { state in
            state.waiting.append((request, end))
            let open = state.waiting.count - state.taken
            let needsThread = open > state.idle && state.threads < Self.threads
            if needsThread { state.threads += 1 }
            defer { state.isWatched = true }
            return (needsThread, !state.isWatched)
        }
        if needsThread {
            DispatchQueue(label: "check").async { [self] in run() }
        }
        if needsWatch { watch() }
        work.signal()
    }

    func takeAnswers(into answers: inout [CheckAnswer]) {
        answers += state.withLock { state in
            defer { state.answers = [] }
            return state.answers
        }
    }

    private func run() {
        let session = OutgoingSession()
        while true {
            state.withLock { $0.idle += 1 }
            work.wait()
            let next = state.withLock { state in
                state.idle -= 1
                return state.next()
            }
            // The watcher has taken it.
            guard let (request, end) = next else { continue }
            let left = Int(end) - Int(Self.now)
            put([
                CheckAnswer(
                    ticket: request.ticket,
                    left > 0 ? ask(request, within: left, over: session) : .failed)
            ])
        }
    }

    /// Answers for questions whose time is over, while there are any.
    private func watch() {
        watcher.asyncAfter(deadline: .now() + .milliseconds(Self.interval)) { [self] in
            let now = Self.now
            let (late, isOver) = state.withLock { state in
                var late: [CheckAnswer] = []
                while state.taken < state.waiting.count, state.waiting[state.taken].end <= now,
                    let next = state.next()
                {
                    late.append(CheckAnswer(ticket: next.request.ticket, .failed))
                }
                let isOver = state.waiting.isEmpty
                state.isWatched = !isOver
                return (late, isOver)
            }
            put(late)
            if !isOver { watch() }
        }
    }

    private func put(_ answers: [CheckAnswer]) {
        guard !answers.isEmpty else { return }
        state.withLock { $0.answers += answers }
        wake()
    }

    private func ask(
        _ question: CheckRequest, within milliseconds: Int, over session: OutgoingSession
    ) -> CheckAnswer.Verdict {
        let content = CheckText.content(of: question)
        var request = OutgoingRequest(settings.url)
        request.method = "POST"
        request.fields = ["content-type: application/json", "expect:"]
        if let secret {
            let id = "check_\(question.ticket)"
            let timestamp = SystemCalls.now().milliseconds / 1_000
            request.fields += [
                "webhook-id: \(id)", "webhook-timestamp: \(timestamp)",
                "webhook-signature: "
                    + secret.signature(of: content, id: id, timestamp: timestamp),
            ]
        }
        request.content = content
        request.limit = Self.answerLimit
        request.milliseconds = milliseconds
        // The operator names it, and it is asked about each line: it is mostly beside the daemon.
        request.allowsPrivateAddresses = true
        request.allowsPlain = true
        request.authorities = SystemCalls.environment("SSL_CERT_FILE")
        guard let answer = try? request.answer(over: session) else { return .failed }
        return CheckText.verdict(status: answer.status, answer.content)
    }

    /// Milliseconds of a monotonic clock.
    private static var now: UInt64 { DispatchTime.now().uptimeNanoseconds / 1_000_000 }
}
