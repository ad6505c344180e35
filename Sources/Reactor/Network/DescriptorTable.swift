internal import CLinux

/// The kernel's table of the process's open descriptors. It doubles when the next descriptor
/// doesn't fit. If the process has several threads, the call that opens that descriptor, such as
/// `accept4`, then waits for an RCU grace period of up to 25 ms.
public enum DescriptorTable {
    /// Makes room for `count` descriptors, at least 1, and opens none. Call it before the process
    /// has a second thread, so that it doesn't wait. The kernel rounds `count` up to a power of two
    /// and takes 8 bytes and 2 bits for each entry. Throws if `count` is above ``DescriptorLimit``,
    /// or if the kernel has no memory for the table.
    public static func grow(to count: Int) throws(SystemError) {
        precondition(count > 0)
        _ = try checked(clinux_grow_descriptor_table(Int32(clamping: count)), "fcntl")
    }
}
