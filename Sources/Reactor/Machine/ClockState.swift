internal import CLinux

/// The state of the machine's wall clock.
public enum ClockState {
    /// Whether a program keeps it right. Nil if the kernel doesn't say.
    public static var isSynchronized: Bool? {
        switch clinux_clock_is_synchronized() {
        case 1: true
        case 0: false
        default: nil
        }
    }
}
