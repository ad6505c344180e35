internal import Chat
internal import Dispatch
internal import Foundation

/// What a store takes from the machine that it runs on, and the pace of what it does by itself.
/// Tests put something else in its place.
struct Machine: Sendable {
    static let real = Machine()

    /// Names the time from one start of the machine to the next; nil if that can't be told.
    var bootID: @Sendable () -> String? = {
        let path = "/proc/sys/kernel/random/boot_id"
        let text = try? String(contentsOfFile: path, encoding: .utf8)
        return text?.trimmingCharacters(in: .whitespacesAndNewlines)
    }
    var now: @Sendable () -> Timestamp = {
        Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000))
    }
    /// Between two tries to open the database.
    var openingInterval = DispatchTimeInterval.seconds(1)
    /// Between two tries to write to a database that failed.
    var probeInterval = DispatchTimeInterval.milliseconds(500)
    /// Between two rounds of ``Upkeep``.
    var upkeepInterval = DispatchTimeInterval.seconds(10)
}
