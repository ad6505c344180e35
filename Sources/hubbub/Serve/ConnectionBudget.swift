internal import ChatServer
internal import Logging
internal import Reactor

/// The largest number of connections that the process can have.
struct ConnectionBudget: Equatable {
    /// The largest number that is served on any machine. It is far below what slot numbers can
    /// hold.
    static let most = 10_000_000
    /// The least memory that a connection takes, most of it in the kernel. The table of
    /// connections, which is reserved at once, needs less.
    private static let bytesPerConnection = 1_024

    /// Bytes that the kernel takes for an idle connection over loopback, where both ends are on
    /// this machine. Over a network it is half of that.
    static let kernelBytes = 10_240

    /// The process and its threads may fail to start with fewer bytes of address space.
    private static let leastAddressSpace = 192 << 20

    /// Descriptors that may be open after the soft limit was raised to the hard one.
    let descriptors: Int
    /// Bytes of memory that the process may take.
    let memory: Int

    /// The budget of this machine.
    static func inForce() throws -> ConnectionBudget {
        let memory = UsableMemory.inForce
        let space = memory.addressSpace
        guard space >= leastAddressSpace else {
            throw Complaint(
                .system,
                "ulimit -v \(space >> 10): at least \(leastAddressSpace >> 10) KiB are needed; "
                    + "raise the limit")
        }
        return ConnectionBudget(descriptors: try DescriptorLimit.raise(), memory: memory.bytes)
    }

    /// The numbers for the log.
    var metadata: Logger.Metadata {
        [
            "descriptors": "\(descriptors)", "reserved": "\(Limits.reservedDescriptors)",
            "memory": "\(UsableMemory.inForce.text)",
        ]
    }

    /// As many as descriptors and memory allow, but at most ``most``.
    var connections: Int {
        min(descriptors - Limits.reservedDescriptors, memory / Self.bytesPerConnection, Self.most)
    }

    /// The limits with the largest possible number of connections instead of 0. Any other number is
    /// checked.
    func applied(to limits: Limits, given: Given<LimitChange>) throws(Complaint) -> Limits {
        guard connections > 0 else {
            throw Complaint(
                .system,
                "ulimit -n \(descriptors): \(Limits.reservedDescriptors) descriptors are reserved; "
                    + "raise the hard limit")
        }
        guard limits.connections <= connections else {
            throw given.complaint(
                "at most \(connections) are possible with \(descriptors) descriptors and "
                    + "\(memory >> 20) MiB of memory; lower it or raise `ulimit -n`")
        }
        var limits = limits
        if limits.connections == 0 { limits.connections = connections }
        return limits
    }
}
