internal import CLinux

/// The process's limit of open descriptors.
public enum DescriptorLimit {
    /// Raises the soft limit (`ulimit -n`) to the hard one and returns the limit now in force.
    public static func raise() throws(SystemError) -> Int {
        Int(try checked(Int32(clamping: clinux_raise_descriptor_limit()), "getrlimit"))
    }
}
