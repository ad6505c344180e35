internal import Glibc

/// The processors of the machine.
public enum Processors {
    /// The number of those that are online, at least 1.
    public static var count: Int { max(sysconf(Int32(_SC_NPROCESSORS_ONLN)), 1) }
}
