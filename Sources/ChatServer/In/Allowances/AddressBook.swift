internal import Chat
internal import Reactor
internal import WebSocket

/// Counts connections and handshakes of each address, for the limits per address. A connection of a
/// trusted proxy counts for no address until its request names the client. With both limits off,
/// only the proxies' connections are kept.
struct AddressBook {
    private struct Entry {
        var connections = 0
        var handshakes = TokenBucket()
    }

    /// An IPv4 address, or the first 64 bits of an IPv6 address, because a network has all
    /// addresses of such a block.
    private struct Host: Hashable {
        let high: UInt64
        let low: UInt64

        init(_ address: SocketAddress) {
            (high, low) = (address.high, address.isIPv6 ? 0 : address.low)
        }
    }

    private var connectionLimit: Int
    private var handshakesPerSecond: Int
    private var proxies: TrustedProxies
    private var entries: [Host: Entry] = [:]
    private var hosts: [Int: Host] = [:]
    /// Connections of trusted proxies, with the address of the proxy.
    private var proxied: [Int: SocketAddress] = [:]
    private(set) var origins: Origins
    /// The number of entries at which unneeded ones are next searched for.
    private var crowd = AddressBook.smallestCrowd

    private static let smallestCrowd = 1_024

    private var isOn: Bool { connectionLimit > 0 || handshakesPerSecond > 0 }

    init(
        connections: Int, handshakesPerSecond: Int, proxies: TrustedProxies,
        origins: Origins = Origins(ModerationRules())
    ) {
        self.origins = origins
        connectionLimit = connections
        self.handshakesPerSecond = handshakesPerSecond
        self.proxies = proxies
    }

    /// New limits and proxies hold from now on. If no address was counted before, connections that
    /// are open now count for none.
    mutating func limitsChanged(_ limits: Limits, _ proxies: TrustedProxies) {
        if handshakesPerSecond != limits.handshakesPerSecondPerAddress {
            // A bucket counts time in units of its rate.
            for host in Array(entries.keys) { entries[host]?.handshakes = TokenBucket() }
        }
        connectionLimit = limits.connectionsPerAddress
        handshakesPerSecond = limits.handshakesPerSecondPerAddress
        if !isOn { (entries, hosts) = ([:], [:]) }
        self.proxies = proxies
        proxied = proxied.filter { proxies.contains($0.value) }
    }

    /// Whether the address may have one more connection.
    func admits(_ address: SocketAddress) -> Bool {
        guard connectionLimit > 0, let entry = entries[Host(address)] else { return true }
        return entry.connections < connectionLimit || proxies.contains(address)
    }

    /// A connection from `address` was accepted.
    mutating func opened(_ index: Int, _ address: SocketAddress, at now: Instant) {
        origins.opened(index, address)
        guard isOn || !proxies.blocks.isEmpty else { return }
        if proxies.contains(address) {
            proxied[index] = address
        } else if isOn {
            count(index, for: address, at: now)
        }
    }

    mutating func closed(_ index: Int) {
        if !proxied.isEmpty { proxied[index] = nil }
        guard isOn, let host = hosts.removeValue(forKey: index) else { return }
        entries[host]?.connections -= 1
    }

    /// A connection requests a chat. Nil if its client may have it, or else the reason for a
    /// refusal.
    mutating func asked(
        _ index: Int, _ head: RequestHead, in bytes: Span<UInt8>, at now: Instant
    ) -> String? {
        guard isOn else { return nil }
        if hosts[index] == nil, let peer = proxied[index] {
            let client = proxies.client(of: peer, head, in: bytes)
            guard admits(client) else {
                return "Your address has all the connections that it may have; close one first."
            }
            count(index, for: client, at: now)
        }
        guard handshakesPerSecond > 0, let host = hosts[index] else { return nil }
        let wait = entries[host, default: Entry()].handshakes.take(
            rate: handshakesPerSecond, burst: handshakesPerSecond, at: now.milliseconds)
        return wait.map { "Your address opens chats too fast; try again in \($0) ms." }
    }

    /// A connection has opened a chat. A trusted proxy names the client.
    mutating func openedChat(_ index: Int, _ head: RequestHead, in bytes: Span<UInt8>) {
        guard let client = client(index, head, in: bytes) else { return }
        origins.named(index, client)
    }

    /// The client that a trusted proxy asks for. Nil if the connection is not from such a proxy.
    func client(_ index: Int, _ head: RequestHead, in bytes: Span<UInt8>) -> SocketAddress? {
        proxied[index].map { proxies.client(of: $0, head, in: bytes) }
    }

    /// Whether the request comes from a trusted proxy, and its page is from the host that the proxy
    /// was asked for.
    func isOwnOrigin(_ index: Int, _ head: RequestHead, in bytes: Span<UInt8>) -> Bool {
        guard let origin = head.origin, proxied[index] != nil else { return false }
        let page = bytes.extracting(origin)
        return proxies.names(head, in: bytes) { Origin.isOwn(page, authority: $0) }
    }

    private mutating func count(_ index: Int, for address: SocketAddress, at now: Instant) {
        if entries.count >= crowd { forgetIdle(at: now) }
        let host = Host(address)
        hosts[index] = host
        entries[host, default: Entry()].connections += 1
    }

    /// Forgets addresses without connections and recent handshakes.
    private mutating func forgetIdle(at now: Instant) {
        entries = entries.filter { _, entry in
            var handshakes = entry.handshakes
            let wait = handshakes.take(
                handshakesPerSecond, rate: handshakesPerSecond, burst: handshakesPerSecond,
                at: now.milliseconds)
            return entry.connections > 0 || wait != nil
        }
        crowd = max(Self.smallestCrowd, entries.count * 2)
    }
}
