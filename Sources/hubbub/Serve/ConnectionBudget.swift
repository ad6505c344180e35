internal import ChatServer
internal import Logging
internal import Reactor

/// How many connections the process can have at most.
struct ConnectionBudget: Equatable {
    /// The most that are served, whatever the machine: far below what the numbers of slots can
    /// count.
    static let most = 10_000_000
    /// What a connection takes of the machine's memory at least, most of it in the kernel. The
    /// table of connections, which is reserved at once, needs less.
    private static let bytesPerConnection = 1_024

    /// What the kernel takes for an idle connection over loopback, of which both ends are here;
    /// over a network it is half of that.
    static let kernelBytes = 10_240

    /// Bytes of address space below which the process and its threads can't be relied on to start.
    private static let leastAddressSpace = 128 << 20

    /// Descriptors that may be open, after the soft limit was raised to the hard one.
    let descriptors: Int
    /// Bytes of the machine's memory, or of our address space if that is less.
    let memory: Int

    /// What this machine has.
    static func inForce() throws -> ConnectionBudget {
        let space = SystemCalls.addressSpace()
        guard space >= leastAddressSpace else {
            throw Complaint(
                .system,
                "ulimit -v \(space >> 10): at least \(leastAddressSpace >> 10) KiB are needed; "
                    + "raise the limit")
        }
        return ConnectionBudget(
            descriptors: try DescriptorLimit.raise(),
            memory: min(SystemCalls.physicalMemory(), space))
    }

    /// Its numbers, for the log.
    var metadata: Logger.Metadata {
        [
            "descriptors": "\(descriptors)", "reserved": "\(Limits.reservedDescriptors)",
            "memory": "\(memory >> 20) MiB",
        ]
    }

    /// As many as descriptors and memory allow, ``most`` at most.
    var connections: Int {
        min(descriptors - Limits.reservedDescriptors, memory / Self.bytesPerConnection, Self.most)
    }

    /// The limits with as many connections as are possible in place of 0; any other number is
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
