public import Reactor

/// Offers bytes to the kernel in one call.
///
/// Invariant of the unsafe call here: the gather list points to the bytes during one call of the
/// network. They are borrowed for that time, and the list is empty before and after it.
public struct Outbox: ~Copyable {
    private var gather = GatherList()

    public init() {}

    public mutating func send(
        _ bytes: [UInt8], over network: inout some Network & ~Copyable, to socket: Socket
    ) -> SendOutcome {
        unsafe bytes.withUnsafeBytes { unsafe gather.append($0) }
        defer { gather.removeAll() }
        return network.send(gather, to: socket)
    }
}
