/// Frames of a room's stream, encoded and immutable, with the caller's references to their chunks.
///
/// It covers the numbers from `firstSeq` through `lastSeq`: every line in that range that still
/// exists has a frame. A number in the range may have none, and a frame may be something other than
/// a line. All encodings have the same frames in the same order.
struct SealedBatch: Equatable {
    let chunks: EncodedChunks
    let firstSeq: UInt64
    let lastSeq: UInt64
}
