internal import WebSocket

/// A part of the program that is served unchanged: made once, sent to many clients.
struct Document: Sendable {
    let contentType: String
    /// The fields of its responses, besides those of the representation.
    let fields: [ResponseHead.Field]
    let plain: Representation
    /// The same, compressed.
    let packed: Representation

    /// The bytes that a client gets, and the tag to ask whether they have changed.
    struct Representation: Sendable {
        let content: [UInt8]
        let tag: EntityTag
        let coding: ContentCoding

        /// The fields that describe the representation.
        var fields: [ResponseHead.Field] {
            let fields = [
                ResponseHead.Field("ETag", tag.text),
                Caching.checked,
                ResponseHead.Field("Vary", "Accept-Encoding"),
            ]
            switch coding {
            case .identity: return fields
            case .gzip: return fields + [ResponseHead.Field("Content-Encoding", "gzip")]
            }
        }
    }

    init(contentType: String, content: [UInt8], fields: [ResponseHead.Field]) {
        self.contentType = contentType
        self.fields = fields
        let digest = String(SHA256.base64(of: content.span).prefix(22))
        plain = Representation(content: content, tag: EntityTag(digest), coding: .identity)
        // If the compressor gets no memory, both are the plain one.
        packed =
            Gzip.compress(content).map {
                Representation(content: $0, tag: EntityTag("\(digest)-gzip"), coding: .gzip)
            } ?? plain
    }

    subscript(coding: ContentCoding) -> Representation {
        switch coding {
        case .identity: plain
        case .gzip: packed
        }
    }
}

extension Document {
    /// The browser library. Pages of other sites may load it, too.
    static let library = Document(
        contentType: "text/javascript; charset=utf-8",
        content: CompactScript(PackageResources.hubbub_js).bytes,
        fields: [
            ResponseHead.Field("Access-Control-Allow-Origin", "*"),
            ResponseHead.Field("Cross-Origin-Resource-Policy", "cross-origin"),
        ])
}
