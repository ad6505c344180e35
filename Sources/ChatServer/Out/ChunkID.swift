internal import Glibc
internal import Reactor

/// The number of a chunk while there is a reference to it. Numbers are reused.
struct ChunkID: RawRepresentable, Hashable {
    let rawValue: UInt32

    static let none = ChunkID(rawValue: .max)
}
