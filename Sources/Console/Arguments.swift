internal import CLinux

/// The arguments of this process.
public enum Arguments {
    /// What the program was called with, without its name.
    ///
    /// `CommandLine.arguments` is read from `/proc/self/cmdline`. Without `/proc` it is empty, and
    /// a program would run as if it had no arguments.
    public static var all: [String] {
        // Invariant: each index is below the count, and each string is NUL-terminated and lives as
        // long as the process; it is copied here.
        (0..<clinux_argument_count()).dropFirst().compactMap { index in
            unsafe clinux_argument(index).map { unsafe String(cString: $0) }
        }
    }
}
