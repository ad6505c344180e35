internal import CLinux
internal import Glibc

/// The calling thread's claim on the processor.
public enum ThreadPriority {
    /// Lets other threads go first: `niceness` is that of nice(1), 1 to 19. If the system refuses,
    /// nothing changes.
    public static func yield(niceness: Int32) {
        _ = clinux_yield_to_others(niceness)
    }

    /// Lets threads run that wait for the processor of the calling one. A thread that was woken
    /// meanwhile may wait for as long as 4 ms otherwise, whatever its priority: the kernel compares
    /// the two again at its next tick only.
    public static func letOthersRun() { sched_yield() }
}
