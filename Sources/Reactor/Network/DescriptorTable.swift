internal import CLinux

/// The kernel's table of the process's open descriptors. It doubles when the next descriptor has no
/// place in it. If the process has several threads, the call that opens this descriptor,
/// `accept4` for instance, then waits for an RCU grace period of up to 25 ms.
public enum DescriptorTable {
    /// Makes place for `count` descriptors, 1 at least, and opens none. Call it before the process
    /// has a second thread: then it waits for nothing. The kernel rounds `count` up to a power of
    /// two and takes 8 bytes and 2 bits for each place. Throws if `count` is above
    /// ``DescriptorLimit``, or if the kernel has no memory for the table.
    public static func grow(to count: Int) throws(SystemError) {
        precondition(count > 0)
        _ = try checked(clinux_grow_descriptor_table(Int32(clamping: count)), "fcntl")
    }
}
