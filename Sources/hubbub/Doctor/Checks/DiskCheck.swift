internal import ChatStore

/// Checks the file system of the data directory.
enum DiskCheck {
    /// Bytes that the daemon needs besides the lines: its WAL, and room to turn around.
    private static let reserve = 64 << 20
    private static let reservedFiles = 64
    /// The share of a full disk that should be free, in percent.
    private static let share = 5

    static func all(of data: DataFacts) -> [HostCheck] {
        guard let disk = data.disk else {
            return [HostCheck("disk of \(data.path)", "can't be read here")]
        }
        return [kind(disk, data.path), space(disk, data), files(disk)]
    }

    private static func kind(_ disk: DiskFacts, _ path: String) -> HostCheck {
        let name = "file system of \(path)"
        switch disk.kind {
        case .ordinary: return HostCheck(name, disk.kind.rawValue)
        case .network:
            return HostCheck(
                name, disk.kind.rawValue, .unfit,
                "SQLite's WAL and its locks need a local disk: name one with --data")
        case .overlay:
            return HostCheck(
                name, disk.kind.rawValue, .doubtful,
                "it is gone with the container: mount a volume there if the lines are to stay")
        case .memory:
            return HostCheck(
                name, disk.kind.rawValue, .doubtful,
                "it is gone with the machine's next start: name a directory on a disk with --data")
        }
    }

    private static func space(_ disk: DiskFacts, _ data: DataFacts) -> HostCheck {
        let name = "free space in MiB"
        let found = "\(disk.freeBytes >> 20) of \(disk.bytes >> 20)"
        let growth = max(0, data.historyBytes - data.database.bytes)
        let needed = reserve + growth
        guard disk.freeBytes >= needed else {
            let smaller = data.historyBytes > 0 ? ", or lower --max-history-bytes" : ""
            return HostCheck(
                name, "\(found), \((needed + (1 << 20) - 1) >> 20) needed", .unfit,
                "free some space, or name a larger disk with --data\(smaller)")
        }
        guard disk.freeBytes / share >= disk.bytes / 100 else {
            return HostCheck(
                name, "\(found), less than \(share) %", .doubtful,
                "see what fills the disk; when it is full, lines can't be stored")
        }
        return HostCheck(name, found)
    }

    private static func files(_ disk: DiskFacts) -> HostCheck {
        let name = "free files (inodes)"
        guard disk.files > 0 else { return HostCheck(name, "no limit") }
        let found = "\(disk.freeFiles) of \(disk.files)"
        guard disk.freeFiles < reservedFiles else { return HostCheck(name, found) }
        return HostCheck(
            name, "\(found), \(reservedFiles) needed", .unfit,
            "delete files, or name another disk with --data")
    }
}
