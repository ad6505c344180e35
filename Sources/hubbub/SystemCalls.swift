internal import Chat
internal import Glibc
internal import Reactor

/// The system calls of the executable.
///
/// Invariant of the unsafe calls here: each passes a pointer to memory that this frame owns, with
/// its true size, to a function that doesn't keep it. The result of `getenv` is copied at once, and
/// nothing here changes the environment.
enum SystemCalls {
    /// Opens standard input, output and error if they are closed. Otherwise a socket could get one
    /// of their numbers, and with it the log's output. Writing there fails, as on a closed
    /// descriptor.
    static func openStandardStreams() {
        var descriptor: Int32
        repeat {
            descriptor = unsafe open("/dev/null", O_RDONLY)
        } while 0...STDERR_FILENO ~= descriptor
        _ = close(descriptor)
    }

    /// An environment variable, or nil if it isn't set.
    static func environment(_ name: String) -> String? {
        unsafe getenv(name).map { unsafe String(cString: $0) }
    }

    /// Bytes of the machine's memory.
    static func physicalMemory() -> Int {
        sysconf(Int32(_SC_PHYS_PAGES)) * pageBytes()
    }

    static func pageBytes() -> Int { sysconf(Int32(_SC_PAGESIZE)) }

    /// Bytes of address space that the process may have (`ulimit -v`).
    static func addressSpace() -> Int {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0 else {
            return .max
        }
        return Int(clamping: limit.rlim_cur)
    }

    /// The wall clock.
    static func now() -> Timestamp {
        var time = timespec()
        _ = unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000)
    }

    /// Creates a directory for this user only. An existing one is left unchanged.
    static func makeDirectory(_ path: String) throws(SystemError) {
        guard unsafe mkdir(path, 0o700) < 0, errno != EEXIST else { return }
        throw SystemError(errno: errno, call: "mkdir")
    }

    /// Checks that files can be created in a directory.
    static func checkWritable(_ directory: String) throws(SystemError) {
        // The dot makes the call fail if it isn't a directory.
        guard unsafe access(directory + "/.", W_OK | X_OK) < 0 else { return }
        throw SystemError(errno: errno, call: "access")
    }

    /// The user of this process.
    static func user() -> UInt32 { geteuid() }

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

    /// The result of reading standard input.
    enum Reading: Equatable {
        case bytes([UInt8])
        case wouldBlock
        case end
    }

    /// Whether standard input is a terminal.
    static func isInputTerminal() -> Bool { isatty(STDIN_FILENO) == 1 }

    /// Reads standard input once, at most `limit` bytes. It blocks if there is no input.
    static func readStandardInput(limit: Int) -> Reading {
        var bytes = [UInt8](repeating: 0, count: limit)
        let count = unsafe bytes.withUnsafeMutableBytes { buffer in
            unsafe read(STDIN_FILENO, buffer.baseAddress, buffer.count)
        }
        if count < 0, errno == EINTR || errno == EAGAIN { return .wouldBlock }
        guard count > 0 else { return .end }
        bytes.removeLast(limit - count)
        return .bytes(bytes)
    }

    /// The local hour, minute and second of a time in milliseconds since 1970.
    static func localTime(milliseconds: Int64) -> (hour: Int32, minute: Int32, second: Int32) {
        var seconds = time_t(milliseconds / 1_000)
        var parts = unsafe tm()
        _ = unsafe localtime_r(&seconds, &parts)
        return unsafe (parts.tm_hour, parts.tm_min, parts.tm_sec)
    }
}
