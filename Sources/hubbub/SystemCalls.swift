internal import Chat
internal import Glibc
internal import Reactor

/// The system calls of the executable.
///
/// Invariant of the unsafe calls here: each passes a pointer to memory that this frame owns, with
/// its true size, to a function that does not keep it. What `getenv` returns is copied at once;
/// nothing here changes the environment.
enum SystemCalls {
    /// Opens what is closed of standard input, output and error, so that no socket gets one of
    /// their numbers, and with it what is meant for the log. What is written there fails, as it
    /// would on a closed descriptor.
    static func openStandardStreams() {
        var descriptor: Int32
        repeat {
            descriptor = unsafe open("/dev/null", O_RDONLY)
        } while 0...STDERR_FILENO ~= descriptor
        _ = close(descriptor)
    }

    /// An environment variable; nil if it isn't set.
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

    /// Makes a directory for this user alone; one that exists is left as it is.
    static func makeDirectory(_ path: String) throws(SystemError) {
        guard unsafe mkdir(path, 0o700) < 0, errno != EEXIST else { return }
        throw SystemError(errno: errno, call: "mkdir")
    }

    /// Whether files can be made in a directory.
    static func checkWritable(_ directory: String) throws(SystemError) {
        // The dot makes the system say so if it isn't a directory.
        guard unsafe access(directory + "/.", W_OK | X_OK) < 0 else { return }
        throw SystemError(errno: errno, call: "access")
    }

    /// What has come of reading standard input.
    enum Reading: Equatable {
        case bytes([UInt8])
        case wouldBlock
        case end
    }

    /// Whether standard input is a terminal.
    static func isInputTerminal() -> Bool { isatty(STDIN_FILENO) == 1 }

    /// Reads standard input once, at most `limit` bytes. It blocks where nothing is there.
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

    /// The hour, minute and second of a time in milliseconds since 1970, where this machine is.
    static func localTime(milliseconds: Int64) -> (hour: Int32, minute: Int32, second: Int32) {
        var seconds = time_t(milliseconds / 1_000)
        var parts = unsafe tm()
        _ = unsafe localtime_r(&seconds, &parts)
        return unsafe (parts.tm_hour, parts.tm_min, parts.tm_sec)
    }
}
