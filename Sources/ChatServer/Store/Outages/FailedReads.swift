internal import Reactor

/// Reads of the store that have failed, and the members that wait for them. They are tried again,
/// because a member that was promised lines must not be told that they are gone while they are only
/// out of reach.
struct FailedReads {
    typealias Wait = (key: ReadQueue.Key, members: [Token])

    private var waiting: [Wait] = []
    /// How often the reads of these lines have failed.
    private var failures: [ReadQueue.Key: Int] = [:]
    /// When to try again. Never if there is nothing to try.
    private(set) var next = CoarseTime.never

    /// A read has failed. False if it has failed for so long that the lines count as lost.
    mutating func failed(
        _ key: ReadQueue.Key, for members: [Token], at now: CoarseTime
    ) -> Bool {
        guard !members.isEmpty else { return false }
        let count = failures[key, default: 0] + 1
        guard count < Limits.readTries else {
            failures[key] = nil
            return false
        }
        failures[key] = count
        waiting.append((key, members))
        if next == .never { next = now.advanced(byMilliseconds: Limits.storeRetry) }
        return true
    }

    /// Lines could be read, or nobody waits for them.
    mutating func settled(_ key: ReadQueue.Key) {
        if !failures.isEmpty { failures[key] = nil }
    }

    /// Takes the reads to try again. Empty until it is time.
    mutating func take(at now: CoarseTime) -> [Wait] {
        guard next <= now else { return [] }
        defer { (waiting, next) = ([], .never) }
        return waiting
    }
}
