internal import CLinux
internal import Glibc

/// Standard output or standard error.
///
/// Invariant of the unsafe calls here: each passes a pointer to memory that this frame owns, with
/// its true size, to a function that does not keep it.
public enum StandardStream: Sendable {
    case output
    case error

    private var descriptor: Int32 {
        switch self {
        case .output: STDOUT_FILENO
        case .error: STDERR_FILENO
        }
    }

    public var isTerminal: Bool { isatty(descriptor) == 1 }

    /// Whether the stream is the file with these numbers (stat(2)).
    public func isFile(device: UInt64, inode: UInt64) -> Bool {
        clinux_is_file(descriptor, device, inode) == 1
    }

    /// Makes a write that nobody reads fail instead of ending the process. Call it at the start of
    /// a program.
    public static func reportBrokenPipes() {
        clinux_ignore_broken_pipes()
    }

    /// Writes a line of text for people, however long that takes. Characters that could harm a
    /// terminal are escaped, except line feeds.
    public func write(line: String) throws(WriteFailure) {
        let lines = line.split(separator: "\n", omittingEmptySubsequences: false)
        let harmless = lines.map { TerminalText.harmless(String($0)) }
        try write(harmless.joined(separator: "\n") + "\n")
    }

    /// Writes a line of JSON as it is. On a terminal, characters that could harm it are written as
    /// JSON's own escapes.
    public func write(json: String) throws(WriteFailure) {
        try write((isTerminal ? TerminalText.harmless(json: json) : json) + "\n")
    }

    /// Writes a text as it is, however long that takes.
    public func write(_ text: String) throws(WriteFailure) {
        try write(bytes: Array(text.utf8))
    }

    /// Writes bytes as they are, however long that takes.
    public func write(bytes: [UInt8]) throws(WriteFailure) {
        var start = 0
        while start < bytes.count {
            let count = unsafe bytes[start...].withUnsafeBytes { rest in
                unsafe Glibc.write(descriptor, rest.baseAddress, rest.count)
            }
            if count > 0 {
                start += count
            } else if count == 0 || errno == EAGAIN {
                // Another process that shares the stream has made it non-blocking.
                var wanted = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = unsafe poll(&wanted, 1, -1)
            } else if errno != EINTR {
                throw WriteFailure(stream: self, errno: errno)
            }
        }
    }
}
