internal import Chat
internal import WebSocket

/// Finds the page for a path that is nearly right, such as `/r/Lobby`, `/r/lobby/`, `/index.html`
/// or `//`.
enum Redirection {
    /// The length in bytes of the longest path that is tried. No page has a longer one.
    private static let longest = 256

    /// The path of the page, or nil if there is none. It is built from the paths in ``Route``, so
    /// that it never leads to another host.
    static func target(_ path: Range<Int>, in bytes: Span<UInt8>) -> String? {
        guard path.count <= longest, let decoded = PercentText.decoded(bytes, path),
            let text = String(validating: decoded, as: UTF8.self)
        else { return nil }
        var parts = text.lowercased().split(separator: "/").map(String.init)
        if let last = parts.last, ["index.html", "index.htm", "index.php"].contains(last) {
            parts.removeLast()
        }
        switch parts {
        case [], ["r"]: return "/"
        case ["examples"], ["examples.html"]: return "/examples"
        default:
            guard parts.count == 2, parts[0] == "r", let room = RoomName(parts[1]) else {
                return nil
            }
            return "/r/\(room.text)"
        }
    }

    /// The same resource with encryption: the host, port and path that were asked for. Nil if the
    /// request names no host.
    static func encrypted(_ head: RequestHead, in bytes: Span<UInt8>) -> String? {
        guard let authority = head.authority, !authority.isEmpty,
            bytes[authority.lowerBound] != UInt8(ascii: ":")
        else { return nil }
        func text(_ range: Range<Int>) -> String {
            String(decoding: range.map { bytes[$0] }, as: UTF8.self)
        }
        let path = head.isAsterisk || head.path.isEmpty ? "/" : text(head.path)
        return "https://\(text(authority))\(path)" + (head.query.map { "?\(text($0))" } ?? "")
    }
}
