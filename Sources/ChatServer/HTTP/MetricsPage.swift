/// The content of `/metrics`, shared by all requests of a tick.
struct MetricsPage {
    private var chunk: ChunkID?

    /// The content that an earlier request of this tick got.
    var current: ChunkID? { chunk }

    /// The content was made for the first request of this tick.
    mutating func made(_ content: [UInt8], pool: inout ChunkPool) -> ChunkID {
        precondition(chunk == nil, "a tick makes the page once")
        let made = pool.make(content)
        chunk = made
        return made
    }

    /// The content becomes old. Responses that wait keep it.
    @inline(__always)
    mutating func tickEnded(pool: inout ChunkPool) {
        guard let chunk else { return }
        pool.release(chunk)
        self.chunk = nil
    }
}
