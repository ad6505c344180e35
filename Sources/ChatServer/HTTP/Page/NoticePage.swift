internal import WebSocket

/// A small page that gives the reason for an error, with a link to the chat. A browser gets it
/// instead of a line of text.
struct NoticePage {
    static let contentType = "text/html; charset=utf-8"

    let content: [UInt8]

    init(_ status: HTTPStatus, _ text: String) {
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
