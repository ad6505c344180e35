internal import WebSocket

extension Server where Net: ~Copyable {
    /// Sends a document, or only says that the client has it already.
    mutating func serve(
        _ index: Int, _ head: RequestHead, _ ready: ReadyDocument, in bytes: Span<UInt8>
    ) {
        let coding = ContentCoding.preferred(head.acceptEncoding, in: bytes)
        let representation = ready.document[coding]
        let fields = representation.fields + ready.fields
        guard !representation.tag.matches(head.ifNoneMatch, in: bytes) else {
            return respond(index, head, .notModified, fields: fields)
        }
        respond(
            index, head, .ok, contentType: ready.document.contentType,
            length: representation.content.count, fields: fields)
        if head.method == .get { enqueue(index, ready.chunk(coding), lane: .control) }
    }
}
