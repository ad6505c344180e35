internal import Dispatch
internal import Synchronization

/// Waits for asynchronous work on a thread that has nothing else to do.
///
/// The work runs on a thread of its own, not on the pool of Swift's tasks: the caller may be one of
/// the pool's few threads, and would wait for itself.
enum Waiting {
    private final class Box<Value: Sendable>: Sendable {
        let value = Mutex<Value?>(nil)
    }

    private final class OwnThread: TaskExecutor {
        private let queue = DispatchQueue(label: "keys")

        func enqueue(_ job: consuming ExecutorJob) {
            let job = UnownedJob(job)
            // Invariant: the executor lives as long as the closure, which runs each job once.
            queue.async { [self] in
                unsafe job.runSynchronously(on: asUnownedTaskExecutor())
            }
        }
    }

    static func result<Value: Sendable>(of work: @escaping @Sendable () async -> Value) -> Value {
        let box = Box<Value>()
        let done = DispatchSemaphore(value: 0)
        Task.detached(executorPreference: OwnThread()) {
            let value = await work()
            box.value.withLock { $0 = value }
            done.signal()
        }
        done.wait()
        guard let value = box.value.withLock({ $0 }) else {
            preconditionFailure("the work has a result")
        }
        return value
    }
}
