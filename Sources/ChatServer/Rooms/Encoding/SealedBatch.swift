/// Frames of a room's stream, encoded and immutable, with the caller's references to their chunks.
///
/// It covers the numbers from `firstSeq` through `lastSeq`: every line of the room in that range
/// that is left has a frame in it. A number in the range may have none, and a frame may be
/// something else than a line. All encodings have the same frames in the same order.
struct SealedBatch: Equatable {
    let chunks: EncodedChunks
    let firstSeq: UInt64
    let lastSeq: UInt64
}
