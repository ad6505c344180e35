internal import Chat
internal import WebSocket

/// The answer if there is no page at a path: a redirection to the page that was probably meant, a
/// page that says so, or a line of text for programs.
struct Answer {
    let status: HTTPStatus
    let contentType: String
    let content: [UInt8]
    let fields: [ResponseHead.Field]

    /// There is no resource at the path.
    static func nothing(at head: RequestHead, in bytes: Span<UInt8>) -> Answer {
        if head.method == .get || head.method == .head,
            let page = Redirection.target(head.path, in: bytes)
        {
            let query = head.query.map { place in
                "?" + String(decoding: place.map { bytes[$0] }, as: UTF8.self)
            }
            return redirection(to: page + (query ?? ""))
        }
        let notice: NoticePage =
            Route.namesRoom(head.path, in: bytes) ? .invalidRoom : .nothing
        let fields = [ResponseHead.Field("Vary", "Accept")]
        guard head.accepts("text/html", in: bytes) else {
            return line(notice.status, notice.text, fields: fields)
        }
        return page(notice, fields: fields)
    }

    /// The page is at another path.
    private static func redirection(to target: String) -> Answer {
        line(
            .permanentRedirect, "This is at \(target).",
            fields: [ResponseHead.Field("Location", target)])
    }

    static func page(_ notice: NoticePage, fields: [ResponseHead.Field]) -> Answer {
        Answer(
            status: notice.status, contentType: NoticePage.contentType, content: notice.content,
            fields: NoticePage.fields + fields)
    }

    private static func line(
        _ status: HTTPStatus, _ text: String, fields: [ResponseHead.Field]
    ) -> Answer {
        Answer(
            status: status, contentType: "text/plain; charset=utf-8",
            content: Array("\(text)\n".utf8), fields: fields)
    }
}
