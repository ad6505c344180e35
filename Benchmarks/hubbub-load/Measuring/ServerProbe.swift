internal import Foundation

/// The resources that the processes of a server use, as the kernel reports them (proc(5)).
struct ServerProbe {
    struct Sample: Codable, Equatable {
        /// Seconds of processor time since the processes started.
        var processorSeconds = 0.0
        /// Their share of memory in bytes: user space only, without the kernel's memory for their
        /// sockets.
        var bytes = 0
    }

    /// Ticks a second of the times in `stat`: `USER_HZ` of every Linux.
    private static let ticks = 100.0

    let pids: [Int]
    var root = "/proc"

    /// Throws if a process doesn't exist, or may not be inspected.
    func sample() throws(Failure) -> Sample {
        var whole = Sample()
        for pid in pids {
            let rollup = try read("\(root)/\(pid)/smaps_rollup", pid: pid)
            let stat = try read("\(root)/\(pid)/stat", pid: pid)
            guard let bytes = Self.bytes(rollup: rollup), let ticks = Self.ticks(stat: stat) else {
                throw Failure("--server-pid \(pid): the kernel doesn't report its memory")
            }
            whole.bytes += bytes
            // The kernel gives whole ticks of all threads ever, and nanoseconds of existing
            // threads. Neither is too high, so the larger one is more accurate.
            whole.processorSeconds += max(Double(ticks) / Self.ticks, secondsOfThreads(pid))
        }
        return whole
    }

    /// Processor time of the existing threads. 0 if the kernel doesn't report it.
    private func secondsOfThreads(_ pid: Int) -> Double {
        let folder = "\(root)/\(pid)/task"
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let nanoseconds = threads.compactMap { thread in
            let path = "\(folder)/\(thread)/schedstat"
            return (try? String(contentsOfFile: path, encoding: .utf8)).flatMap(Self.nanoseconds)
        }
        return Double(nanoseconds.reduce(0, +)) / 1e9
    }

    private func read(_ path: String, pid: Int) throws(Failure) -> String {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8), !text.isEmpty else {
            throw Failure(
                "--server-pid \(pid): \(path) can't be read; is it running, and yours?")
        }
        return text
    }

    /// Sums the lines `Pss_Anon: 1234 kB` and `Pss_Shmem`. The rest of `Pss` is pages of files. A
    /// process's share of these shrinks as other processes map them, so `Pss` itself falls as
    /// programs start that use the same libraries. It is used only if the kernel doesn't split it
    /// (before 5.3).
    static func bytes(rollup: String) -> Int? {
        var sizes: [Substring: Int] = [:]
        for line in rollup.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count > 1, let size = Int(words[1]) else { continue }
            sizes[words[0]] = size * 1024
        }
        guard let anonymous = sizes["Pss_Anon:"] else { return sizes["Pss:"] }
        return anonymous + sizes["Pss_Shmem:", default: 0]
    }

    /// The first number is the time on a processor.
    static func nanoseconds(schedstat: String) -> UInt64? {
        schedstat.split(separator: " ").first.flatMap { UInt64($0) }
    }

    /// Fields 14 and 15. The name before them may contain anything.
    static func ticks(stat: String) -> Int? {
        guard let end = stat.lastIndex(of: ")") else { return nil }
        let fields = stat[stat.index(after: end)...].split(separator: " ")
        guard fields.count > 12, let user = Int(fields[11]), let system = Int(fields[12]) else {
            return nil
        }
        return user + system
    }
}
