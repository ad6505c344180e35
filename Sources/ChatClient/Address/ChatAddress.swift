internal import FoundationEssentials

/// The address of a chat as people write it: the URL of its WebSocket or of its page.
public struct ChatAddress: Equatable, Sendable {
    /// The URL of the WebSocket, without a room.
    public let url: WebSocketURL
    /// The room named in the URL.
    public let room: String?

    /// Parses a URL. The page's URL, `http://host:8080/`, and `host:8080` stand for
    /// `ws://host:8080/ws`. `https://host/` stands for `wss://host/ws`.
    public init(_ given: String) throws(WebSocketURL.Problem) {
        let text = WebSocketURL.completed(given)
        // A problem quotes the text as it was given.
        _ = try WebSocketURL(text)
        guard var parts = URLComponents(string: text) else {
            throw WebSocketURL.Problem(reason: "\(text) is not a URL")
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
