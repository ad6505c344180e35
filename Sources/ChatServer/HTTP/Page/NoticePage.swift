internal import Chat
internal import WebSocket

/// A small page that gives the reason for an error, with a link to the chat. A browser gets it
/// instead of a line of text. Each is made once.
struct NoticePage: Sendable {
    static let contentType = "text/html; charset=utf-8"

    /// There is no resource at a path.
    static let nothing = NoticePage(.notFound, "There is nothing at this path.")
    /// A path names a room that can't be.
    static let invalidRoom = NoticePage(.notFound, Refusal.invalidRoom.reason)
    /// A browser was given the address of the WebSocket.
    static let webSocket = NoticePage(
        .upgradeRequired, "This is where programs chat. People do so on the page.")

    let status: HTTPStatus
    let text: String
    let content: [UInt8]

    private init(_ status: HTTPStatus, _ text: String) {
        self.status = status
        self.text = text
        content = Array(
            """
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(Self.escaped(status.reasonPhrase))</title>
            <style>\(Self.style)</style>
            <h1>\(Self.escaped(status.reasonPhrase))</h1>
            <p>\(Self.escaped(text))</p>
            <p><a href="/">Go to the chat</a></p>

            """.utf8)
    }

    /// The fields of a response with such a page.
    static let fields = [
        ResponseHead.Field(
            "Content-Security-Policy",
            "default-src 'none'; style-src 'sha256-\(SHA256.base64(of: Array(style.utf8).span))'; "
                + "base-uri 'none'; form-action 'none'"),
        ResponseHead.Field("Referrer-Policy", "no-referrer"),
    ]

    private static let style = """
        :root { color-scheme: light dark; font: 1.125rem/1.5 system-ui, sans-serif; } \
        body { max-width: 36rem; margin: 15vh auto; padding: 0 1rem; }
        """

    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for character in text {
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            default: escaped.append(character)
            }
        }
        return escaped
    }
}
