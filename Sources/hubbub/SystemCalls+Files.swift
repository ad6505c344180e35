internal import Glibc
internal import Reactor

/// System calls about files and file systems.
///
/// Invariant of the unsafe calls here: each passes the C string of its path, and memory of this
/// frame with its true size, to a function that uses them only during the call.
extension SystemCalls {
    /// The user of this process.
    static func user() -> UInt32 { geteuid() }

    /// Gives a file another name, in the place of one that has it.
    static func rename(_ path: String, to name: String) throws(SystemError) {
        guard unsafe Glibc.rename(path, name) == 0 else {
            throw SystemError(errno: errno, call: "rename")
        }
    }

    /// A file's owner and permissions. Nil if there is none, or if this user may not know.
    static func file(at path: String, followingLinks: Bool) -> FileFacts? {
        var status = stat()
        let result = followingLinks ? unsafe stat(path, &status) : unsafe lstat(path, &status)
        guard result == 0 else { return nil }
        let kind: FileFacts.Kind =
            switch status.st_mode & S_IFMT {
            case S_IFREG: .regular
            case S_IFDIR: .directory
            default: .other
            }
        return FileFacts(
            path: path, kind: kind, owner: status.st_uid, mode: status.st_mode & 0o7777)
    }

    /// The device and the number of a file, as /proc/locks has them.
    static func identity(
        of path: String
    ) -> (major: UInt32, minor: UInt32, number: UInt64)? {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        // As gnu_dev_major(3) and gnu_dev_minor(3) do.
        let device = UInt64(status.st_dev)
        let major = device >> 8 & 0xFFF | device >> 32 & ~0xFFF
        let minor = device & 0xFF | device >> 12 & ~0xFF
        return (
            UInt32(truncatingIfNeeded: major), UInt32(truncatingIfNeeded: minor),
            UInt64(status.st_ino)
        )
    }

    /// The space of a directory's file system. Nil if it can't be read.
    static func disk(of directory: String, _ kind: DiskFacts.Kind) -> DiskFacts? {
        var status = statvfs()
        guard unsafe statvfs(directory, &status) == 0 else { return nil }
        let unit = Int(status.f_frsize)
        return DiskFacts(
            kind: kind, bytes: Int(clamping: status.f_blocks) * unit,
            freeBytes: Int(clamping: status.f_bavail) * unit,
            files: Int(clamping: status.f_files), freeFiles: Int(clamping: status.f_ffree))
    }

    /// Lets the processes that serve somebody go first.
    static func stepBack() { _ = nice(10) }
}
