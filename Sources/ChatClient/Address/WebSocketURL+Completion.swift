extension WebSocketURL {
    /// What people mean by a server's address: `localhost:8080` is `ws://localhost:8080/ws`, and so
    /// is its page, `http://localhost:8080/`. Anything else is returned as it is.
    public static func completed(_ text: String) -> String {
        let isPage = text.prefix(7).lowercased() == "http://"
        guard isPage || isBareHost(text) else { return text }
        let rest = isPage ? text.dropFirst(7) : text[...]
        let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        let path = rest[end...].prefix { $0 != "?" }
        let query = rest[path.endIndex...]
        return "ws://\(rest[..<end])\(path.isEmpty || path == "/" ? "/ws" : path)\(query)"
    }

    /// Whether the text begins with a host, with or without a port, and not with a scheme.
    private static func isBareHost(_ text: String) -> Bool {
        guard !text.isEmpty, !text.hasPrefix("/"), !text.contains("://") else { return false }
        let host = text.prefix { $0 != "/" && $0 != "?" }
        return host.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"), UInt8(ascii: ":"), UInt8(ascii: "["), UInt8(ascii: "]"):
                true
            default: false
            }
        }
    }
}
