internal import Chat
internal import WebSocket

/// Chunks that a server sends repeatedly, encoded once. The server keeps a reference to each for
/// its whole life.
struct StandingChunks {
    let ping: ChunkID
    /// The first event for a client of the rich dialect.
    private(set) var welcome: ChunkID
    /// The response to a connection over a limit.
    let refusal: ChunkID
    /// What shows the reader of an event stream that the connection is alive.
    let comment: ChunkID

    init(welcome: [UInt8], refusal: [UInt8], in pool: inout ChunkPool) {
        var ping: [UInt8] = []
        FrameEncoder.append(.ping, [UInt8]().span, to: &ping)
        self.ping = pool.make(ping)
        self.welcome = pool.make(welcome)
        self.refusal = pool.make(refusal)
        comment = pool.make(EventText.comment)
    }

    /// Replaces the first event. Rings keep the old one until they are empty.
    mutating func welcomeChanged(_ bytes: [UInt8], in pool: inout ChunkPool) {
        pool.release(welcome)
        welcome = pool.make(bytes)
    }
}
