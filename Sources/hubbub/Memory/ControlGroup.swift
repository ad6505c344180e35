internal import Foundation

/// The limit that control groups set to the memory of this process (cgroups(7)). If it takes more,
/// the kernel ends it.
enum ControlGroup {
    /// The least limit in bytes of the process's own groups and of those above them, in version 2
    /// and in version 1. Nil if there is none.
    ///
    /// - Parameter root: the directory with `proc` and `sys`.
    static func memoryLimit(root: String = "") -> Int? {
        let mounts = mounts(text("\(root)/proc/self/mountinfo"))
        var limits: [Int] = []
        for line in text("\(root)/proc/self/cgroup").split(separator: "\n") {
            // `0::/a/b` in version 2, `4:memory:/a/b` in version 1.
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { continue }
            let controllers = parts[1].split(separator: ",")
            let isVersion2 = parts[0] == "0" && controllers.isEmpty
            guard isVersion2 || controllers.contains("memory") else { continue }
            let file = isVersion2 ? "memory.max" : "memory.limit_in_bytes"
            for mount in mounts where mount.isVersion2 == isVersion2 {
                let directories = mount.directories(of: String(parts[2]))
                limits += directories.compactMap { limit(text("\(root)\($0)/\(file)")) }
            }
        }
        return limits.min()
    }

    private struct Mount {
        let isVersion2: Bool
        /// The group that is mounted.
        let group: String
        let path: String

        /// The directory of a group, and those of the groups above it.
        func directories(of group: String) -> [String] {
            var names = group.split(separator: "/")
            let above = self.group.split(separator: "/")
            // A container may see its own group as the topmost one.
            if names.starts(with: above) { names.removeFirst(above.count) }
            return (0...names.count).map { count in
                ([path] + names.prefix(count).map(String.init)).joined(separator: "/")
            }
        }
    }

    /// The mounted hierarchies that may limit memory (proc(5)).
    private static func mounts(_ text: String) -> [Mount] {
        text.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: " ")
            guard let dash = fields.firstIndex(of: "-"), dash > 5, fields.count > dash + 3 else {
                return nil
            }
            let isVersion2 = fields[dash + 1] == "cgroup2"
            let options = fields[dash + 3].split(separator: ",")
            guard isVersion2 || fields[dash + 1] == "cgroup" && options.contains("memory") else {
                return nil
            }
            return Mount(
                isVersion2: isVersion2, group: String(fields[3]), path: String(fields[4]))
        }
    }

    /// The number in a file. Version 2 writes `max` for no limit, version 1 a number near 2^63.
    private static func limit(_ text: String) -> Int? {
        let number = Int(text.trimmingCharacters(in: .whitespacesAndNewlines))
        return number.flatMap { $0 < 1 << 60 ? $0 : nil }
    }

    private static func text(_ path: String) -> String {
        (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    }
}
