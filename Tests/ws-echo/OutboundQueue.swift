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
    mutating func send(to socket: Socket, by network: inout LinuxNetwork) -> SendOutcome {
        let outcome = network.send(bytes.span.extracting(sent...), to: socket)
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
