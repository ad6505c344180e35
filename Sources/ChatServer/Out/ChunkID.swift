internal import Glibc
internal import Reactor

/// The number of a chunk while something refers to it; numbers are used again.
struct ChunkID: RawRepresentable, Hashable {
    let rawValue: UInt32

    static let none = ChunkID(rawValue: .max)
}
