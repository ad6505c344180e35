internal import CLinux

extension SocketAddress {
    /// Parses a numeric address without a port, such as `192.0.2.1` or `2001:db8::1`. Nil for
    /// anything else. The port is 0.
    public init?(numeric text: String) {
        var raw = clinux_address()
        // Invariant: both pointers are to memory that outlives the call, and the string is
        // NUL-terminated.
        guard unsafe clinux_parse_address(text, &raw) == 0 else { return nil }
        self.init(raw)
    }
}
