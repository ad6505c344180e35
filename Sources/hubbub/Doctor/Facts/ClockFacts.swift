internal import Chat
internal import Reactor

/// The machine's wall clock.
struct ClockFacts: Equatable {
    var now: Timestamp
    /// Whether a program keeps it right. Nil if the kernel doesn't say.
    var isSynchronized: Bool?

    static func present() -> ClockFacts {
        ClockFacts(now: SystemCalls.now(), isSynchronized: ClockState.isSynchronized)
    }
}
