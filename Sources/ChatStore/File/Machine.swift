internal import Chat
internal import Dispatch
internal import Foundation

/// What a store needs from its machine, and the intervals of its own work. Tests replace it.
struct Machine: Sendable {
    static let real = Machine()

    /// Identifies the time since the machine's last start. Nil if it isn't known.
    var bootID: @Sendable () -> String? = {
        let path = "/proc/sys/kernel/random/boot_id"
        let text = try? String(contentsOfFile: path, encoding: .utf8)
        return text?.trimmingCharacters(in: .whitespacesAndNewlines)
    }
    var now: @Sendable () -> Timestamp = {
        Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000))
    }
    /// The present time, for the names of files.
    func date() -> Date { Date(timeIntervalSince1970: Double(now().milliseconds) / 1_000) }

    /// Bytes that this process can still write to the file system of a directory. Nil if that isn't
    /// known.
    var freeBytes: @Sendable (String) -> Int? = { directory in
        let attributes = try? FileManager.default.attributesOfFileSystem(forPath: directory)
        return (attributes?[.systemFreeSize] as? NSNumber)?.intValue
    }

    /// The interval between attempts to open the database.
    var openingInterval = DispatchTimeInterval.seconds(1)
    /// The interval between attempts to write to a database that failed.
    var probeInterval = DispatchTimeInterval.milliseconds(500)
    /// The interval between rounds of ``Upkeep``.
    var upkeepInterval = DispatchTimeInterval.seconds(10)
}
