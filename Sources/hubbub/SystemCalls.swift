internal import Chat
internal import Glibc
internal import Reactor

/// The system calls of the executable.
///
/// Invariant of the unsafe calls here: each passes a pointer to memory that this frame owns, with
/// its true size, to a function that doesn't keep it. The result of `getenv` is copied at once, and
/// the environment changes only before the process has a second thread.
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

    /// Removes an environment variable. The process must not have a second thread yet.
    static func forget(_ name: String) { _ = unsafe unsetenv(name) }

    static func processID() -> Int32 { getpid() }

    /// The machine's name, without its domain.
    static func hostName() -> String {
        var name = [CChar](repeating: 0, count: 256)
        guard unsafe gethostname(&name, name.count - 1) == 0 else { return "host" }
        let text = String(
            decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return String(text.prefix { $0 != "." })
    }

    /// Whether a signal that ends the process waits, blocked.
    static func isToEnd() -> Bool {
        var signals = sigset_t()
        guard unsafe sigpending(&signals) == 0 else { return false }
        return unsafe sigismember(&signals, SIGTERM) == 1 || sigismember(&signals, SIGINT) == 1
    }

    /// Asks this process to end, as somebody outside would.
    static func end() { _ = kill(getpid(), SIGTERM) }

    /// The monotonic clock (CLOCK_MONOTONIC).
    static func monotonicMicroseconds() -> UInt64 {
        var time = timespec()
        _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000 + UInt64(time.tv_nsec) / 1_000
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

    /// What a file is now. Nil if it can't be looked at.
    static func stamp(_ path: String) -> FileStamp? {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        func nanoseconds(_ time: timespec) -> Int64 {
            Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
        }
        return FileStamp(
            device: UInt64(status.st_dev), inode: UInt64(status.st_ino), size: Int(status.st_size),
            modified: nanoseconds(status.st_mtim), changed: nanoseconds(status.st_ctim))
    }

    /// Reads a file of at most `limit` bytes. A larger one is `EFBIG`.
    static func readFile(_ path: String, limit: Int) throws(SystemError) -> [UInt8] {
        // A pipe without a writer must not block the start.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw SystemError(errno: errno, call: "open") }
        defer { _ = close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: limit + 1)
        var size = 0
        while size <= limit {
            let count = unsafe bytes.withUnsafeMutableBytes { buffer in
                let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[size...])
                return unsafe read(descriptor, rest.baseAddress, rest.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw SystemError(errno: errno, call: "read") }
            if count == 0 { break }
            size += count
        }
        guard size <= limit else { throw SystemError(errno: EFBIG, call: "read") }
        bytes.removeLast(bytes.count - size)
        return bytes
    }

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

    /// What is behind the name of a file.
    enum Contents: Equatable {
        case bytes([UInt8])
        /// It has more bytes than were wanted.
        case larger
        /// A directory, a device or a pipe.
        case noFile
    }

    /// The content of a regular file with at most `limit` bytes.
    static func contents(of path: String, limit: Int) throws(SystemError) -> Contents {
        // A pipe without a writer must not block.
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw SystemError(errno: errno, call: "open") }
        defer { _ = close(descriptor) }
        var facts = stat()
        guard unsafe fstat(descriptor, &facts) == 0 else {
            throw SystemError(errno: errno, call: "fstat")
        }
        guard facts.st_mode & S_IFMT == S_IFREG else { return .noFile }
        var bytes = [UInt8](repeating: 0, count: limit + 1)
        var count = 0
        while count < bytes.count {
            let got = unsafe bytes[count...].withUnsafeMutableBytes { rest in
                unsafe read(descriptor, rest.baseAddress, rest.count)
            }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { throw SystemError(errno: errno, call: "read") }
            if got == 0 { break }
            count += got
        }
        guard count <= limit else { return .larger }
        return .bytes(Array(bytes.prefix(count)))
    }

    /// The local hour, minute and second of a time in milliseconds since 1970.
    static func localTime(milliseconds: Int64) -> (hour: Int32, minute: Int32, second: Int32) {
        var seconds = time_t(milliseconds / 1_000)
        var parts = unsafe tm()
        _ = unsafe localtime_r(&seconds, &parts)
        return unsafe (parts.tm_hour, parts.tm_min, parts.tm_sec)
    }
}
