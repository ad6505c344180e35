internal import ChatServer

/// The memory that the process may take, and the budgets that follow from it.
struct UsableMemory: Equatable {
    /// Bytes of the machine's memory.
    let machine: Int
    /// Bytes of address space that the process may have.
    let addressSpace: Int
    /// The limit of the control groups. Nil if there is none.
    let groupLimit: Int?

    /// The values of this process, which don't change while it runs.
    static let inForce = UsableMemory(
        machine: SystemCalls.physicalMemory(), addressSpace: SystemCalls.addressSpace(),
        groupLimit: ControlGroup.memoryLimit())

    /// The least of them.
    var bytes: Int { min(machine, addressSpace, groupLimit ?? .max) }

    /// The buffer budget if none is set: a quarter of the memory in whole mebibytes, at most
    /// ``Limits/bufferBudget``. The rest is for connections, for the kernel's buffers, which count
    /// for control groups, and for the store.
    var bufferBudget: Int {
        min(Limits().bufferBudget, max(bytes / 4 / mebibyte, 1) * mebibyte)
    }

    /// The compression budget if none is set: half of that.
    var compressionBudget: Int { min(Limits().compressionBudget, bufferBudget / 2) }

    /// Memory in MiB and what limits it, for people.
    var text: String {
        let mebibytes = "\(bytes >> 20) MiB"
        if bytes == machine { return mebibytes }
        return bytes == groupLimit
            ? "\(mebibytes), the limit of the control group" : "\(mebibytes), by ulimit -v"
    }
}
