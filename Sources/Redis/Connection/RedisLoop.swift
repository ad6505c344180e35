internal import CLinux
internal import Dispatch
internal import Glibc
public import Reactor

/// Waits for connections to Redis, and for a wake from another thread.
///
/// Invariant of the unsafe calls here: the kernel gets the array of descriptors with its count for
/// the duration of one call.
public final class RedisLoop: Sendable {
    private let descriptor: Int32

    public init() throws(RedisProblem) {
        descriptor = clinux_waker_open()
        if descriptor < 0 { throw RedisProblem("eventfd: \(SystemError.text(-descriptor))") }
    }

    deinit { _ = clinux_close(descriptor) }

    /// Ends the wait in progress, or else the next one. Safe to call from any thread.
    public func wake() { _ = clinux_waker_wake(descriptor) }

    /// The time on the monotonic clock.
    public static var now: Instant { Instant(nanoseconds: DispatchTime.now().uptimeNanoseconds) }

    /// Waits until a link is ready, for a wake, or until the deadline. Returns for each link
    /// whether it is ready.
    public func wait(for links: [RedisLink], until deadline: Instant?) -> [Bool] {
        let interests = links.map(\.interest)
        var entries = [pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)]
        for interest in interests {
            // A negative descriptor is left out.
            let events = interest?.writes == true ? POLLIN | POLLOUT : POLLIN
            entries.append(
                pollfd(fd: interest?.descriptor ?? -1, events: Int16(events), revents: 0))
        }
        let milliseconds = Self.milliseconds(until: deadline)
        let count = unsafe poll(&entries, nfds_t(entries.count), milliseconds)
        guard count > 0 else { return links.map { _ in false } }
        if entries[0].revents != 0 { _ = clinux_waker_settle(descriptor) }
        return entries.dropFirst().map { $0.revents != 0 }
    }

    /// -1 waits for ever. It is rounded up, so that the deadline has passed afterwards.
    private static func milliseconds(until deadline: Instant?) -> Int32 {
        guard let deadline else { return -1 }
        let now = now
        let left = deadline.nanoseconds - min(now.nanoseconds, deadline.nanoseconds)
        return Int32(clamping: (left + 999_999) / 1_000_000)
    }
}
