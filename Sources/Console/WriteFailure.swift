internal import Glibc
internal import Reactor

/// A standard stream didn't take what was written.
public struct WriteFailure: Error, Equatable, CustomStringConvertible {
    public let stream: StandardStream
    public let errno: Int32

    public init(stream: StandardStream, errno: Int32) {
        self.stream = stream
        self.errno = errno
    }

    /// The stream is a pipe without a reader.
    public static func readerGone(_ stream: StandardStream) -> WriteFailure {
        WriteFailure(stream: stream, errno: EPIPE)
    }

    /// Whether the stream is a pipe, and its reader has gone.
    public var isReaderGone: Bool { errno == EPIPE }

    /// For instance `standard output: No space left on device`.
    public var description: String {
        let name =
            switch stream {
            case .output: "standard output"
            case .error: "standard error"
            }
        return "\(name): " + (isReaderGone ? "nobody reads it any more" : SystemError.text(errno))
    }
}
