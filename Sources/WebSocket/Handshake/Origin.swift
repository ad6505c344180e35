/// The origin of a page, as `Origin` has it: `https://example.org:8443` (RFC 6454 §6.2).
public enum Origin {
    /// Whether host and port of the origin are those of `authority`, as `Host` has it.
    ///
    /// The scheme is not compared, because a proxy may have done TLS for us. It only gives the
    /// default port, 80 or 443, if the origin or `authority` names none. Hosts are
    /// case-insensitive.
    public static func isOwn(_ origin: Span<UInt8>, authority: Span<UInt8>) -> Bool {
        let isSecure = origin.begins(with: "https://", ignoringCase: true)
        guard isSecure || origin.begins(with: "http://", ignoringCase: true) else { return false }
        let port = isSecure ? 443 : 80
        guard let page = Endpoint(origin.extracting((isSecure ? 8 : 7)...), standardPort: port),
            let own = Endpoint(authority, standardPort: port)
        else { return false }
        guard page.port == own.port else { return false }
        let host = origin.extracting((isSecure ? 8 : 7)...).extracting(first: page.hostBytes)
        return host.matches(ignoringCase: authority.extracting(first: own.hostBytes))
    }

    /// A host, and the port after it or else the default port.
    private struct Endpoint {
        /// The length of the host, which begins the text.
        let hostBytes: Int
        let port: Int

        init?(_ text: Span<UInt8>, standardPort: Int) {
            var end = text.count
            while end > 0, text[end - 1].isDigit { end -= 1 }
            guard end > 0, text[end - 1] == UInt8(ascii: ":") else {
                guard !text.isEmpty else { return nil }
                (hostBytes, port) = (text.count, standardPort)
                return
            }
            hostBytes = end - 1
            guard hostBytes > 0 else { return nil }
            var number = 0
            for index in end..<text.count {
                number = number * 10 + Int(text[index] & 0x0F)
                guard number <= 65_535 else { return nil }
            }
            port = end == text.count ? standardPort : number
        }
    }
}
