internal import Reactor
internal import TLS

/// The bytes that wait for one client, in order.
struct OutboundQueue {
    /// Append bytes to send here.
    var bytes: [UInt8] = []
    /// The number of bytes at the front that the kernel has taken.
    private var sent = 0

    /// The number of waiting bytes.
    var count: Int { bytes.count - sent }

    /// Offers all waiting bytes to the kernel in one call. There must be some.
    mutating func send(to socket: Socket, by network: inout EchoNetwork) -> SendOutcome {
        let outcome = network.send(bytes.span.extracting(sent...), to: socket)
        if case .sent(let count) = outcome { dropFirst(count) }
        return outcome
    }

    /// Forgets the bytes that were sent. The rest moves to the front only if it is the smaller
    /// half, so that no byte costs more than one move, however few bytes the kernel takes at a
    /// time.
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
