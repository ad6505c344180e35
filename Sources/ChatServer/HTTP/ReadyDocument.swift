internal import WebSocket

/// A document that a server has ready to send: its chunks, and its fields including those from the
/// settings.
struct ReadyDocument {
    let document: Document
    private var fields: [ResponseHead.Field]
    /// The policy of a page, without the places where it may connect.
    private var policy: String?
    private let plain: ChunkID
    private let packed: ChunkID

    init(_ document: Document, pool: inout ChunkPool) {
        self.init(document, fields: document.fields, policy: nil, pool: &pool)
    }

    /// - Parameter origins: those that may connect and may therefore show the page in a frame.
    init(_ page: WebPage, origins: [String], pool: inout ChunkPool) {
        self.init(
            page.document, fields: page.document.fields + page.framing(origins: origins),
            policy: page.policy(origins: origins), pool: &pool)
    }

    /// The fields that name origins, made anew. Its content stays.
    mutating func originsChanged(_ page: WebPage, _ origins: [String]) {
        fields = page.document.fields + page.framing(origins: origins)
        policy = page.policy(origins: origins)
    }

    private init(
        _ document: Document, fields: [ResponseHead.Field], policy: String?, pool: inout ChunkPool
    ) {
        self.document = document
        self.fields = fields
        self.policy = policy
        plain = pool.make(document.plain.content)
        packed = pool.make(document.packed.content)
    }

    func chunk(_ coding: ContentCoding) -> ChunkID {
        switch coding {
        case .identity: plain
        case .gzip: packed
        }
    }

    /// The fields for a client that asked for `authority`, the host and port of the server.
    ///
    /// A page may connect only there. It is named because `'self'` doesn't include WebSockets in
    /// Safari before 15.4. An authority that could add something to a policy isn't repeated there.
    func fields(authority: Range<Int>?, in bytes: Span<UInt8>) -> [ResponseHead.Field] {
        guard let policy else { return fields }
        var sources = "'self'"
        if let authority, authority.allSatisfy({ Self.isPlain(bytes[$0]) }) {
            let host = String(decoding: authority.map { bytes[$0] }, as: UTF8.self)
            sources += " ws://\(host) wss://\(host)"
        }
        let field = ResponseHead.Field(
            "Content-Security-Policy", "connect-src \(sources); \(policy)")
        return fields + [field]
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"),
            UInt8(ascii: "_"), UInt8(ascii: ":"), UInt8(ascii: "["), UInt8(ascii: "]"):
            true
        default: false
        }
    }
}
