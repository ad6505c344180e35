internal import Glibc

/// A system call that failed.
public struct SystemError: Error, Equatable, CustomStringConvertible {
    /// The `errno` of the call.
    public var errno: Int32
    /// The name of the call, as in its manual page.
    public var call: String

    public init(errno: Int32, call: String) {
        self.errno = errno
        self.call = call
    }

    /// The call's name and the system's text, for example `bind: Address already in use`.
    public var description: String { "\(call): \(Self.text(errno))" }

    /// The system's text for an `errno`, for example `Permission denied`.
    public static func text(_ errno: Int32) -> String {
        // Invariant: strerror returns a NUL-terminated string that stays valid until the next call
        // on this thread. It is copied here.
        unsafe strerror(errno).map { unsafe String(cString: $0) } ?? "error \(errno)"
    }
}

/// Turns a result of the C shim, a value or `-errno`, into a value or an error.
func checked(_ result: Int32, _ call: String) throws(SystemError) -> Int32 {
    guard result >= 0 else { throw SystemError(errno: -result, call: call) }
    return result
}
