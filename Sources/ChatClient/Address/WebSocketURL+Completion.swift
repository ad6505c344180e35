extension WebSocketURL {
    /// The schemes of pages, and those of their WebSockets.
    private static let schemes = [("http://", "ws://"), ("https://", "wss://")]

    /// What people mean by a server's address: `localhost:8080` is `ws://localhost:8080/ws`, and so
    /// is its page, `http://localhost:8080/`. A page with `https` has its WebSocket at `wss`.
    /// Anything else is returned as it is.
    public static func completed(_ text: String) -> String {
        for (page, socket) in schemes
        where text.prefix(page.count).lowercased() == page {
            return completed(text.dropFirst(page.count), scheme: socket)
        }
        return isBareHost(text) ? completed(text[...], scheme: "ws://") : text
    }

    private static func completed(_ rest: Substring, scheme: String) -> String {
        let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        let path = rest[end...].prefix { $0 != "?" }
        let query = rest[path.endIndex...]
        return "\(scheme)\(rest[..<end])\(path.isEmpty || path == "/" ? "/ws" : path)\(query)"
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
