internal import CLinux

/// The calling thread's claim on the processor.
public enum ThreadPriority {
    /// Lets other threads go first: `niceness` is that of nice(1), 1 to 19. If the system refuses,
    /// nothing changes.
    public static func yield(niceness: Int32) {
        _ = clinux_yield_to_others(niceness)
    }
}
