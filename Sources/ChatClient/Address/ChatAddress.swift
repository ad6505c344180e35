internal import FoundationEssentials

/// The address of a chat as people write it: the URL of its WebSocket or of its page.
public struct ChatAddress: Equatable, Sendable {
    /// The URL of the WebSocket, without a room.
    public let url: WebSocketURL
    /// The room named in the URL.
    public let room: String?

    /// Parses a URL. The page's URL, `http://host:8080/`, and `host:8080` stand for
    /// `ws://host:8080/ws`.
    public init(_ given: String) throws(WebSocketURL.Problem) {
        let text = WebSocketURL.completed(given)
        guard var parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased()
        else {
            _ = try WebSocketURL(text)
            throw WebSocketURL.Problem(reason: "\(text): it must begin with ws:// or http://")
        }
        switch scheme {
        case "wss", "https":
            throw WebSocketURL.Problem(
                reason: "\(text): TLS isn't supported yet; use a URL with ws://")
        default: break
        }
        let items = parts.queryItems ?? []
        room = items.last { $0.name == "room" }?.value
        let others = items.filter { $0.name != "room" }
        parts.queryItems = others.isEmpty ? nil : others
        guard let whole = parts.string else {
            throw WebSocketURL.Problem(reason: "\(text) is not a URL")
        }
        url = try WebSocketURL(whole)
    }
}
