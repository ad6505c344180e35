internal import Reactor

/// The number of a chunk while something refers to it; numbers are used again.
struct ChunkID: RawRepresentable, Hashable {
    let rawValue: UInt32

    static let none = ChunkID(rawValue: .max)
}

/// Encoded frames, immutable and shared: a tick's lines of a room, a page, a pong. Chunks are counted
/// references by number: the reactor is single-threaded, so a count is a plain addition, and an entry
/// in an outbound ring takes four bytes.
///
/// Invariant: `chunks[n].base` points to `length` initialised bytes for as long as `references` is
/// above 0, and is nil otherwise; `waiting` never exceeds `references`. Only this file sees pointers.
@safe struct ChunkPool: ~Copyable {
    @safe private struct Chunk {
        var base: UnsafeMutablePointer<UInt8>?
        var length: UInt32
        var lines: UInt32
        /// Whoever keeps the chunk alive: logs, rings, the maker.
        var references: UInt32
        /// Outbound rings among them.
        var waiting: UInt32
    }

    /// What a chunk costs beside its bytes, for the accounts.
    static let overhead = 48

    private var chunks: [Chunk] = []
    private var free: [ChunkID] = []
    /// Bytes that wait in outbound rings, each chunk counted once.
    private(set) var waitingBytes = 0

    deinit {
        for chunk in chunks { unsafe chunk.base?.deallocate() }
    }

    /// A new chunk with one reference, the maker's. `lines`: how many lines of chat it carries.
    mutating func make(_ bytes: [UInt8], lines: Int = 0) -> ChunkID {
        let base = UnsafeMutablePointer<UInt8>.allocate(capacity: max(bytes.count, 1))
        unsafe bytes.withUnsafeBufferPointer { source in
            guard let start = source.baseAddress else { return }
            unsafe base.initialize(from: start, count: source.count)
        }
        let chunk = unsafe Chunk(
            base: base, length: UInt32(bytes.count), lines: UInt32(lines), references: 1,
            waiting: 0)
        if let id = free.popLast() {
            chunks[Int(id.rawValue)] = chunk
            return id
        }
        chunks.append(chunk)
        return ChunkID(rawValue: UInt32(chunks.count - 1))
    }

    /// Bytes of a chunk.
    func length(_ id: ChunkID) -> Int { Int(chunks[Int(id.rawValue)].length) }

    /// Lines of chat in a chunk.
    func lines(_ id: ChunkID) -> Int { Int(chunks[Int(id.rawValue)].lines) }

    /// One reference less; the last one frees the bytes.
    mutating func release(_ id: ChunkID) {
        let index = Int(id.rawValue)
        precondition(chunks[index].references > 0)
        chunks[index].references -= 1
        guard chunks[index].references == 0 else { return }
        unsafe chunks[index].base?.deallocate()
        unsafe chunks[index].base = nil
        free.append(id)
    }

    /// An outbound ring refers to the chunk from now on.
    mutating func wait(_ id: ChunkID) {
        let index = Int(id.rawValue)
        precondition(chunks[index].references > 0)
        chunks[index].references += 1
        chunks[index].waiting += 1
        if chunks[index].waiting == 1 {
            waitingBytes += Int(chunks[index].length) + Self.overhead
        }
    }

    /// An outbound ring is done with the chunk.
    mutating func endWait(_ id: ChunkID) {
        let index = Int(id.rawValue)
        precondition(chunks[index].waiting > 0)
        chunks[index].waiting -= 1
        if chunks[index].waiting == 0 {
            waitingBytes -= Int(chunks[index].length) + Self.overhead
        }
        release(id)
    }

    /// Adds the bytes of a chunk from `offset` on to what one call sends.
    func append(_ id: ChunkID, from offset: Int, to gather: inout GatherList) {
        let chunk = chunks[Int(id.rawValue)]
        precondition(chunk.references > 0 && offset <= Int(chunk.length))
        let rest = unsafe UnsafeRawBufferPointer(
            start: UnsafeRawPointer(chunk.base!) + offset, count: Int(chunk.length) - offset)
        unsafe gather.append(rest)
    }

    /// Chunks that something refers to; when all connections and rooms are gone, as many as the
    /// server keeps for itself.
    var count: Int { chunks.count - free.count }
}
