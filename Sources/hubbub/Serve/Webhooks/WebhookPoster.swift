internal import Chat
internal import ChatStore
internal import Dispatch
internal import Logging
internal import Outgoing
internal import Synchronization
internal import Webhooks

/// The thread that posts the events of one webhook. It waits for nobody but its receiver, and
/// nobody waits for it.
final class WebhookPoster: Sendable {
    /// The longest time for a request, in milliseconds, and the longest answer that is read.
    private static let patience = 15_000
    private static let answerLimit = 65_536
    /// Milliseconds between two looks for events, if nobody rings, and right after somebody has:
    /// the store rings for the first commit of a tick only.
    private static let interval = 1_000
    private static let echo = 50
    /// Milliseconds that the store may take to open, and failures to read it that aren't told.
    private static let opening = 10_000
    private static let tolerance = 5
    /// Looks for events take at most a twentieth of a processor.
    private static let share: UInt64 = 20
    /// Milliseconds between two looks while the receiver isn't there.
    private static let watch = 10_000

    private struct State {
        var report: FollowerReport
        var position: UInt64
        var hasEnded = false
    }

    let webhook: Webhook
    let bell = WebhookBell()
    private let directory: String?
    private let cursors: CursorFile?
    private let feed: EventFeed
    private let log: Logger
    /// Is called when it has reached another position in the feed.
    private let passed: @Sendable () -> Void
    private let state: Mutex<State>
    private let isForgotten = Atomic(false)
    private let ended = DispatchSemaphore(value: 0)

    /// - Parameters:
    ///   - directory: the store's. Nil if lines aren't stored.
    ///   - cursors: keeps its place, if they are.
    init(
        _ webhook: Webhook, directory: String?, cursors: CursorFile?, feed: EventFeed, log: Logger,
        passed: @escaping @Sendable () -> Void
    ) {
        self.passed = passed
        (self.webhook, self.directory, self.cursors) = (webhook, directory, cursors)
        (self.feed, self.log) = (feed, log)
        state = Mutex(State(report: FollowerReport(name: webhook.name), position: 0))
    }

    var report: FollowerReport { state.withLock(\.report) }

    /// The position in the feed that it has reached. Nil if it wants no more.
    var position: UInt64? { state.withLock { $0.hasEnded ? nil : $0.position } }

    /// Whether the receiver has said that it wants no more.
    var hasEnded: Bool { state.withLock(\.hasEnded) }

    /// Begins, once another one for the same webhook has ended.
    func start(after other: WebhookPoster? = nil) {
        DispatchQueue(label: "webhook \(webhook.name)").async { [self] in
            other?.waitForEnd()
            run()
            ended.signal()
        }
    }

    /// The webhook was taken out of the configuration. From now on nothing of it is kept.
    func forget() {
        isForgotten.store(true, ordering: .sequentiallyConsistent)
        bell.stop()
    }

    /// Waits until the thread has ended, at most as long as a request takes.
    private func waitForEnd() {
        _ = ended.wait(timeout: .now() + .milliseconds(Self.patience + 5_000))
        ended.signal()
    }

    /// The same, at most until a time.
    func waitForEnd(until deadline: DispatchTime) {
        _ = ended.wait(timeout: deadline)
        ended.signal()
    }

    private func run() {
        let reader = directory.map { StreamReader(directory: $0) }
        defer { reader?.close() }
        var source: StoredSource?
        if let reader, let cursors {
            source = StoredSource(reader: reader, cursors: cursors) { [self] in
                isForgotten.load(ordering: .sequentiallyConsistent)
            }
            // The store rings when it is open. It must be alone with a file that it creates.
            bell.waitForNews(atMost: Self.opening)
        }
        let session = OutgoingSession()
        var follower: WebhookFollower?
        var failures = 0
        var isQuiet = false
        while !bell.isStopped {
            do {
                var current = try follower ?? makeFollower(source)
                defer {
                    follower = current
                    note(current)
                }
                try turn(&current, source, session, &isQuiet)
                failures = 0
            } catch {
                // The store may be opening, or its file be replaced.
                failures += 1
                if failures == Self.tolerance {
                    log.warning(
                        "A webhook can't read the store: events wait",
                        metadata: ["webhook": "\(webhook.name)", "error": "\(error)"])
                }
                bell.waitForEnd(atMost: Self.interval)
            }
        }
        try? follower?.save(to: source)
    }

    private func makeFollower(_ source: StoredSource?) throws -> WebhookFollower {
        WebhookFollower(
            webhook, state: try source?.cursors.state(of: webhook.name), feed: feed,
            isStored: source != nil)
    }

    private func note(_ follower: WebhookFollower) {
        let hasMoved = state.withLock { state in
            let (posts, position) = (state.report.posts, state.position)
            state.report = follower.report
            state.report.posts = posts
            if directory == nil { state.report.pending = feed.end - follower.position }
            state.position = follower.position
            state.hasEnded = follower.hasEnded
            return position != state.position
        }
        if hasMoved { passed() }
    }

    /// Does what is next, and waits if there is nothing. `isQuiet` says whether the last look has
    /// found nothing, and nobody had rung.
    private func turn(
        _ follower: inout WebhookFollower, _ source: StoredSource?, _ session: OutgoingSession,
        _ isQuiet: inout Bool
    ) throws {
        let start = Self.now
        switch try follower.step(from: source, at: start, time: SystemCalls.now()) {
        case .post(let post): try send(post, for: &follower, to: source, over: session)
        case .wait(let end?):
            guard end > Self.now else { return }
            if let source { try follower.look(at: source) }
            note(follower)
            let wait = min(end - min(end, Self.now), UInt64(Self.watch))
            bell.waitForEnd(atMost: Int(wait))
        case .wait(nil) where follower.hasEnded:
            note(follower)
            bell.waitForEnd(atMost: Self.watch)
        case .wait(nil):
            note(follower)
            let took = Self.now - start
            if took > 0 { bell.waitForEnd(atMost: Int(min(took * Self.share, 1_000))) }
            isQuiet = !bell.waitForNews(atMost: isQuiet ? Self.interval : Self.echo)
        }
    }

    private func send(
        _ post: WebhookPost, for follower: inout WebhookFollower, to source: StoredSource?,
        over session: OutgoingSession
    ) throws {
        let (outcome, kind, problem) = self.answer(to: post, over: session)
        state.withLock { $0.report.posts[kind, default: 0] += 1 }
        let wasFailing = follower.report.isFailing
        let givenUp = follower.report.givenUp
        defer { tell(follower, outcome, problem, wasFailing: wasFailing, givenUp: givenUp) }
        try follower.answered(
            outcome, to: source, at: Self.now, time: SystemCalls.now(), jitter: .random(in: 0...1))
    }

    private func answer(
        to post: WebhookPost, over session: OutgoingSession
    ) -> (WebhookOutcome, FollowerReport.Post, String) {
        let timestamp = SystemCalls.now().milliseconds / 1_000
        let signature = webhook.secret.signature(
            of: post.body, id: post.id, timestamp: timestamp)
        var request = OutgoingRequest(webhook.url)
        request.method = "POST"
        request.fields = [
            "content-type: application/json", "webhook-id: \(post.id)",
            "webhook-timestamp: \(timestamp)", "webhook-signature: \(signature)",
            // Otherwise libcurl waits for a go-ahead before it sends a long body.
            "expect:",
        ]
        request.content = post.body
        request.limit = Self.answerLimit
        request.milliseconds = Self.patience
        request.allowsPrivateAddresses = webhook.allowsPrivate
        request.allowsPlain = webhook.allowsPrivate
        request.authorities = SystemCalls.environment("SSL_CERT_FILE")
        do throws(OutgoingProblem) {
            let status = try request.answer(over: session).status
            let outcome = WebhookOutcome(status: status)
            return (
                outcome, outcome == .delivered ? .delivered : .refused, "the answer is \(status)"
            )
        } catch .timedOut(let milliseconds) {
            let problem = OutgoingProblem.timedOut(milliseconds: milliseconds)
            return (.failed, .timedOut, problem.description)
        } catch {
            return (.failed, .failed, error.description)
        }
    }

    private func tell(
        _ follower: WebhookFollower, _ outcome: WebhookOutcome, _ problem: String,
        wasFailing: Bool, givenUp: UInt64
    ) {
        let name: Logger.Metadata = ["webhook": "\(webhook.name)"]
        switch outcome {
        case .delivered where wasFailing:
            log.notice("A webhook takes events again", metadata: name)
        case .delivered: break
        case .gone:
            log.error(
                "A webhook wants no more events (410): it gets none until a reload or a restart",
                metadata: name)
        case .failed where !wasFailing:
            log.warning(
                "A webhook doesn't take events: they are tried again",
                metadata: name.merging(["problem": "\(problem)"]) { $1 })
        case .failed: break
        }
        let missed = follower.report.givenUp - givenUp
        guard missed > 0 else { return }
        log.warning(
            "A webhook has missed events", metadata: name.merging(["events": "\(missed)"]) { $1 })
    }

    /// Milliseconds of a monotonic clock.
    private static var now: UInt64 { DispatchTime.now().uptimeNanoseconds / 1_000_000 }
}
