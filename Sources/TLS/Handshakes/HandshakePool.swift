internal import Dispatch
internal import Reactor
internal import Synchronization

/// Does the costly steps of handshakes, a signature each, besides the reactor: on threads of their
/// own that let the reactor go first, or in a test one after another when it says so.
///
/// A signature with an RSA key takes 0.7 ms. On the reactor, each would delay all lines by as much.
public final class HandshakePool<Session: SecureSession & ~Copyable>: Sendable {
    private struct Queues {
        /// A job that was taken leaves nil. Otherwise the sessions of clients that have gone would
        /// be freed together, while the lock is held: that stopped the reactor for 12 ms.
        var waiting: [HandshakeJob<Session>?] = []
        /// The first job of `waiting` that nobody works on.
        var next = 0
        var done: [HandshakeJob<Session>] = []
        /// Threads that wait for a job.
        var idle = 0
    }

    /// The nice value of the threads. They get a third of a processor that the reactor wants too.
    private static var niceness: Int32 { 5 }

    private let queues = Mutex(Queues())
    /// Signalled once for each thread that waits, if there is a job for it. A thread that works
    /// finds further jobs itself: to wake one costs the reactor more than a job's other steps.
    private let submitted = DispatchSemaphore(value: 0)
    private let make: @Sendable () -> Session?
    private let wake: (@Sendable () -> Void)?

    /// Makes a pool with threads, which live as long as the process.
    ///
    /// - Parameters:
    ///   - make: makes the session of a new connection. Nil if there is no memory.
    ///   - wake: ends the reactor's wait.
    public init(
        threads: Int, make: @escaping @Sendable () -> Session?, wake: @escaping @Sendable () -> Void
    ) {
        (self.make, self.wake) = (make, wake)
        for number in 0..<threads {
            // Its block never ends, so it has a thread of its own.
            DispatchQueue(label: "handshakes \(number)").async { [self] in
                ThreadPriority.yield(niceness: Self.niceness)
                while true {
                    if let job = takeNext(orRest: true) {
                        work(on: job)
                        ThreadPriority.letOthersRun()
                    } else {
                        submitted.wait()
                    }
                }
            }
        }
    }

    /// Makes a pool without threads. Jobs are done by ``workOnNext()``.
    public init(make: @escaping @Sendable () -> Session?) {
        self.make = make
        wake = nil
    }

    /// Whether the pool's jobs are done by the reactor.
    var isManual: Bool { wake == nil }

    /// Whether the reactor has jobs to do or to take back.
    var isBusyByHand: Bool {
        isManual && queues.withLock { $0.next < $0.waiting.count || !$0.done.isEmpty }
    }

    func submit(_ job: HandshakeJob<Session>) {
        let mustWake = queues.withLock { queues in
            queues.waiting.append(job)
            guard queues.idle > 0 else { return false }
            queues.idle -= 1
            return true
        }
        if mustWake { submitted.signal() }
    }

    /// Does the oldest job. Nothing happens if there is none.
    func workOnNext() {
        if let job = takeNext(orRest: false) { work(on: job) }
    }

    /// Takes the oldest job. If there is none, the calling thread counts as idle if it is about to
    /// rest.
    private func takeNext(orRest rests: Bool) -> HandshakeJob<Session>? {
        queues.withLock { queues in
            guard queues.next < queues.waiting.count else {
                if rests { queues.idle += 1 }
                return nil
            }
            let job = queues.waiting[queues.next].take()
            queues.next += 1
            if queues.next == queues.waiting.count {
                queues.waiting.removeAll(keepingCapacity: true)
                queues.next = 0
            } else if queues.next == 1_024 {
                queues.waiting.removeFirst(queues.next)
                queues.next = 0
            }
            return job
        }
    }

    private func work(on job: HandshakeJob<Session>) {
        job.work(makingSession: make)
        let isFirst = queues.withLock { queues in
            queues.done.append(job)
            return queues.done.count == 1
        }
        if isFirst { wake?() }
    }

    /// Takes the jobs that are done.
    func takeDone() -> [HandshakeJob<Session>] {
        queues.withLock { queues in
            defer { queues.done = [] }
            return queues.done
        }
    }
}
