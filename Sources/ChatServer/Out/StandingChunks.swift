internal import WebSocket

/// Chunks that a server sends again and again, encoded once. The server keeps a reference to each
/// for as long as it lives.
struct StandingChunks {
    let ping: ChunkID
    /// What a client of the rich dialect is told first.
    let welcome: ChunkID
    /// What a connection past a limit is answered.
    let refusal: ChunkID

    init(welcome: [UInt8], refusal: [UInt8], in pool: inout ChunkPool) {
        var ping: [UInt8] = []
        FrameEncoder.append(.ping, [UInt8]().span, to: &ping)
        self.ping = pool.make(ping)
        self.welcome = pool.make(welcome)
        self.refusal = pool.make(refusal)
    }
}
