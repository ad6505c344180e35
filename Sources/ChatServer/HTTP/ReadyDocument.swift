internal import WebSocket

/// A document as a server has it ready: its chunks, and its fields with what the settings add.
struct ReadyDocument {
    let document: Document
    let fields: [ResponseHead.Field]
    private let plain: ChunkID
    private let packed: ChunkID

    init(_ document: Document, adding fields: [ResponseHead.Field], pool: inout ChunkPool) {
        self.document = document
        self.fields = document.fields + fields
        plain = pool.make(document.plain.content)
        packed = pool.make(document.packed.content)
    }

    func chunk(_ coding: ContentCoding) -> ChunkID {
        switch coding {
        case .identity: plain
        case .gzip: packed
        }
    }
}
