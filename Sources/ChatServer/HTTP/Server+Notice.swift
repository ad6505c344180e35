internal import Chat
internal import Reactor
internal import WebSocket

/// The responses to requests for pages that don't exist.
extension Server where Net: ~Copyable {
    /// There is no resource at the path. The client is redirected if the path is close to a page's.
    mutating func foundNothing(_ index: Int, _ head: RequestHead, in bytes: Span<UInt8>) {
        if head.method == .get || head.method == .head,
            let page = Redirection.target(head.path, in: bytes)
        {
            let query = head.query.map { place in
                "?" + String(decoding: place.map { bytes[$0] }, as: UTF8.self)
            }
            let target = page + (query ?? "")
            return respond(
                index, head, .permanentRedirect, text: "This is at \(target).",
                fields: [ResponseHead.Field("Location", target)])
        }
        let text =
            Route.namesRoom(head.path, in: bytes)
            ? Refusal.invalidRoom.reason : "There is nothing at this path."
        let fields = [ResponseHead.Field("Vary", "Accept")]
        guard head.accepts("text/html", in: bytes) else {
            return respond(index, head, .notFound, text: text, fields: fields)
        }
        respondWithPage(index, head, .notFound, text, fields: fields)
    }

    /// A response whose content is a notice page.
    mutating func respondWithPage(
        _ index: Int, _ head: RequestHead, _ status: HTTPStatus, _ text: String,
        fields: [ResponseHead.Field]
    ) {
        let page = NoticePage(status, text)
        respond(
            index, head, status, contentType: NoticePage.contentType, length: page.content.count,
            fields: NoticePage.fields + fields)
        guard head.method == .get else { return }
        outbox.enqueueBytes(for: index, lane: .control, in: &connections, at: clock.coarse) {
            $0 += page.content
        }
    }
}
