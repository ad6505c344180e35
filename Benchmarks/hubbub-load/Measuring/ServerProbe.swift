internal import Foundation

/// What the processes of a server use, as the kernel accounts for it (proc(5)).
struct ServerProbe {
    struct Sample: Codable, Equatable {
        /// Seconds of processor time since they started.
        var processorSeconds = 0.0
        /// Their share of memory, in bytes: user space only, without what the kernel keeps for
        /// their sockets.
        var bytes = 0
    }

    /// Ticks a second of the times in `stat`: `USER_HZ` of every Linux.
    private static let ticks = 100.0

    let pids: [Int]
    var root = "/proc"

    /// Throws if a process isn't there, or isn't ours to look at.
    func sample() throws(Failure) -> Sample {
        var whole = Sample()
        for pid in pids {
            let rollup = try read("\(root)/\(pid)/smaps_rollup", pid: pid)
            let stat = try read("\(root)/\(pid)/stat", pid: pid)
            guard let bytes = Self.bytes(rollup: rollup), let ticks = Self.ticks(stat: stat) else {
                throw Failure("--server-pid \(pid): the kernel says nothing about its memory")
            }
            whole.bytes += bytes
            // Whole ticks of all threads that there ever were, nanoseconds of those that there are:
            // neither is too much, so the larger one is nearer.
            whole.processorSeconds += max(Double(ticks) / Self.ticks, secondsOfThreads(pid))
        }
        return whole
    }

    /// What the threads that there are have used; 0 where the kernel doesn't say.
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

    /// The lines `Pss_Anon: 1234 kB` and `Pss_Shmem`. What is left of `Pss` are pages of files, of
    /// which a process has the less the more others map them: `Pss` itself falls as programs start
    /// that use the same libraries. It counts where the kernel doesn't tell its parts (before 5.3).
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

    /// The fields 14 and 15; the name before them may hold anything.
    static func ticks(stat: String) -> Int? {
        guard let end = stat.lastIndex(of: ")") else { return nil }
        let fields = stat[stat.index(after: end)...].split(separator: " ")
        guard fields.count > 12, let user = Int(fields[11]), let system = Int(fields[12]) else {
            return nil
        }
        return user + system
    }
}
