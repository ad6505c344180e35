/// The rests of chunks from which lines were cut, by the chunks. The maker has the references.
struct ChunkReplacements {
    /// For members that don't take changes.
    var silent: [ChunkID: ChunkID] = [:]
    /// For members that do: with tombstones.
    var marking: [ChunkID: ChunkID] = [:]

    /// All rests.
    var made: [ChunkID] { Array(silent.values) + Array(marking.values) }
}
