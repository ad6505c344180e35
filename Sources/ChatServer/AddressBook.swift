internal import Chat
internal import Reactor

/// How many connections and handshakes each address has, for the limits per address. With both
/// limits off it keeps nothing.
struct AddressBook {
    private struct Entry {
        var connections = 0
        var handshakes = TokenBucket()
    }

    /// An IPv4 address, or the first 64 bits of an IPv6 address: whoever has one of those has all.
    private struct Host: Hashable {
        let high: UInt64
        let low: UInt64

        init(_ address: SocketAddress) {
            (high, low) = (address.high, address.isIPv6 ? 0 : address.low)
        }
    }

    private let connectionLimit: Int
    private let handshakesPerSecond: Int
    private var entries: [Host: Entry] = [:]
    private var hosts: [Int: Host] = [:]

    private var isOn: Bool { connectionLimit > 0 || handshakesPerSecond > 0 }

    init(connections: Int, handshakesPerSecond: Int) {
        connectionLimit = connections
        self.handshakesPerSecond = handshakesPerSecond
    }

    /// Whether the address may have one more connection.
    func admits(_ address: SocketAddress) -> Bool {
        guard connectionLimit > 0, let entry = entries[Host(address)] else { return true }
        return entry.connections < connectionLimit
    }

    mutating func opened(_ index: Int, _ address: SocketAddress) {
        guard isOn else { return }
        let host = Host(address)
        hosts[index] = host
        entries[host, default: Entry()].connections += 1
    }

    mutating func closed(_ index: Int) {
        guard let host = hosts.removeValue(forKey: index) else { return }
        entries[host]?.connections -= 1
    }

    /// A connection asks for an opening handshake: nil if it may, else milliseconds until it may.
    mutating func asked(_ index: Int, at now: Instant) -> UInt64? {
        guard handshakesPerSecond > 0, let host = hosts[index] else { return nil }
        return entries[host, default: Entry()].handshakes.take(
            rate: handshakesPerSecond, burst: handshakesPerSecond, at: now.milliseconds)
    }

    /// Forgets addresses that have neither connections nor handshakes of late.
    mutating func forgetIdle(at now: Instant) {
        guard isOn else { return }
        entries = entries.filter { _, entry in
            var handshakes = entry.handshakes
            let isFull =
                handshakes.take(
                    handshakesPerSecond, rate: handshakesPerSecond, burst: handshakesPerSecond,
                    at: now.milliseconds) == nil
            return entry.connections > 0 || !isFull
        }
    }
}
