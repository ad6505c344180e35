internal import Reactor

/// The bytes that wait for one client, in the order in which they go out.
struct OutboundQueue {
    /// Whoever has something to say appends it here.
    var bytes: [UInt8] = []
    /// Those at the front that the kernel has taken.
    private var sent = 0

    /// Bytes that wait.
    var count: Int { bytes.count - sent }

    /// Offers all that waits, which must be something, to the kernel in one call.
    ///
    /// Invariant: the one piece in `gather` points into `bytes`, which stays in place and unchanged
    /// for the closure's time; `gather` is emptied before that time is over.
    mutating func send(
        to socket: Socket, by network: inout LinuxNetwork, gather: inout GatherList
    ) -> SendOutcome {
        let outcome = unsafe bytes.withUnsafeBytes { whole in
            unsafe gather.append(UnsafeRawBufferPointer(rebasing: whole[sent...]))
            defer { gather.removeAll() }
            return network.send(gather, to: socket)
        }
        if case .sent(let count) = outcome { dropFirst(count) }
        return outcome
    }

    /// Forgets what was sent. What stays is moved to the front only when it is the smaller half, so
    /// that no byte costs more than one move however small the pieces are that the kernel takes.
    private mutating func dropFirst(_ count: Int) {
        sent += count
        if sent == bytes.count {
            bytes.removeAll(keepingCapacity: bytes.capacity <= EchoLimits.keptCapacity)
            sent = 0
        } else if sent > bytes.count / 2 {
            bytes.removeSubrange(..<sent)
            sent = 0
        }
    }
}
