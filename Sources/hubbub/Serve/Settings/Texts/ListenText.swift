/// A place to listen on, as people write it: `8443`, `:8443`, `127.0.0.1:8443`, `[::1]:8443`.
struct ListenText: Equatable, Sendable {
    /// The name or address without brackets. Nil for all addresses.
    let host: String?
    let port: UInt16

    init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":") else {
            guard let port = UInt16(text) else { return nil }
            (host, self.port) = (nil, port)
            return
        }
        guard let port = UInt16(text[text.index(after: colon)...]) else { return nil }
        self.port = port
        let name = String(text[..<colon])
        if name.isEmpty {
            host = nil
        } else {
            // An IPv6 address needs its brackets, or its end could be the port.
            guard name.hasPrefix("[") || !name.contains(":"), let host = HostText(name) else {
                return nil
            }
            self.host = host.name
        }
    }
}
