internal import CLinux

extension SocketAddress {
    /// A numeric address without a port, such as `192.0.2.1` or `2001:db8::1`; nil for anything
    /// else. The port is 0.
    public init?(numeric text: String) {
        var raw = clinux_address()
        // Invariant: both pointers are to memory that lives through the call, and the string's is
        // NUL-terminated.
        guard unsafe clinux_parse_address(text, &raw) == 0 else { return nil }
        self.init(raw)
    }
}
