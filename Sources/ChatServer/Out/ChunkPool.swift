internal import Glibc
internal import Reactor

/// Encoded frames, immutable and shared: a room's lines of one tick, a page, a pong. References to
/// chunks are numbers, counted here. The reactor has one thread, so a count is a plain addition,
/// and an entry in an outbound ring takes four bytes.
///
/// Invariant: `chunks[0 ..< used]` are initialised, and every access checks its index against
/// `used`. A chunk's `base` points to `length` initialised bytes while `references` is above 0, and
/// is nil otherwise. `waiting` never exceeds `references`. Only this file sees pointers.
@safe struct ChunkPool: ~Copyable {
    @safe private struct Chunk {
        var base: UnsafeMutablePointer<UInt8>?
        var length: UInt32
        var lines: UInt32
        /// References that keep the chunk alive: of logs, rings and the maker.
        var references: UInt32
        /// The number of outbound rings among them.
        var waiting: UInt32
    }

    /// The cost of a chunk besides its bytes, for the accounts.
    static let overhead = 48

    // This isn't an array, because each count would then check whether the array is shared.
    private var chunks: UnsafeMutablePointer<Chunk>
    private var capacity = 64
    private var used = 0
    private var free: [ChunkID] = []
    /// Bytes of all chunks.
    private(set) var bytes = 0
    /// Bytes that wait in outbound rings. Each chunk counts once.
    private(set) var waitingBytes = 0

    init() {
        unsafe chunks = .allocate(capacity: capacity)
    }

    deinit {
        for index in 0..<used { unsafe Glibc.free(chunks[index].base) }
        unsafe chunks.deallocate()
    }

    /// Makes a chunk with one reference, the maker's. `lines` is the number of chat lines in it.
    @inline(__always)
    mutating func make(_ bytes: [UInt8], lines: Int = 0) -> ChunkID {
        make(bytes, lines: lines, headSize: 0) { _ in }
    }

    /// The same for bytes in a span.
    mutating func make(_ bytes: Span<UInt8>) -> ChunkID {
        let base = unsafe Self.allocate(max(bytes.count, 1))
        unsafe bytes.withUnsafeBufferPointer { source in
            guard let first = source.baseAddress else { return }
            unsafe base.initialize(from: first, count: source.count)
        }
        return unsafe keep(base, count: bytes.count, lines: 0)
    }

    /// The same with the bytes that `head` appends before the others, at most `headSize`.
    @inline(__always)
    mutating func make(
        _ bytes: [UInt8], lines: Int = 0, headSize: Int, head: (inout OutputSpan<UInt8>) -> Void
    ) -> ChunkID {
        let base = unsafe Self.allocate(max(headSize + bytes.count, 1))
        let space = unsafe UnsafeMutableBufferPointer(start: base, count: headSize)
        var output = unsafe OutputSpan(buffer: space, initializedCount: 0)
        head(&output)
        let start = unsafe output.finalize(for: space)
        unsafe bytes.withUnsafeBufferPointer { source in
            guard let first = source.baseAddress else { return }
            unsafe (base + start).initialize(from: first, count: source.count)
        }
        return unsafe keep(base, count: start + bytes.count, lines: lines)
    }

    /// Allocates memory by the cheapest call. Swift would request aligned memory.
    private static func allocate(_ count: Int) -> UnsafeMutablePointer<UInt8> {
        guard let base = unsafe malloc(count) else {
            preconditionFailure("no memory for a chunk")
        }
        return unsafe base.bindMemory(to: UInt8.self, capacity: count)
    }

    @inline(__always)
    private mutating func keep(
        _ base: UnsafeMutablePointer<UInt8>, count: Int, lines: Int
    ) -> ChunkID {
        let chunk = unsafe Chunk(
            base: base, length: UInt32(count), lines: UInt32(lines), references: 1, waiting: 0)
        bytes += count + Self.overhead
        if let id = free.popLast() {
            unsafe chunks[Int(id.rawValue)] = chunk
            return id
        }
        if used == capacity { grow() }
        unsafe (chunks + used).initialize(to: chunk)
        used += 1
        return ChunkID(rawValue: UInt32(used - 1))
    }

    private mutating func grow() {
        let larger = UnsafeMutablePointer<Chunk>.allocate(capacity: capacity * 2)
        unsafe larger.moveInitialize(from: chunks, count: used)
        unsafe chunks.deallocate()
        unsafe chunks = larger
        capacity *= 2
    }

    /// The only access to a chunk.
    private subscript(id: ChunkID) -> Chunk {
        @inline(__always) unsafeAddress {
            precondition(Int(id.rawValue) < used)
            return unsafe UnsafePointer(chunks + Int(id.rawValue))
        }
        @inline(__always) unsafeMutableAddress {
            precondition(Int(id.rawValue) < used)
            return unsafe chunks + Int(id.rawValue)
        }
    }

    /// Bytes of a chunk.
    func length(_ id: ChunkID) -> Int { Int(self[id].length) }

    /// Lines of chat in a chunk.
    func lines(_ id: ChunkID) -> Int { Int(self[id].lines) }

    /// Calls `body` with a chunk's bytes.
    func read(_ id: ChunkID, _ body: (Span<UInt8>) -> Void) {
        precondition(self[id].references > 0)
        unsafe body(UnsafeBufferPointer(start: self[id].base, count: length(id)).span)
    }

    /// A copy of a chunk's bytes, to be examined.
    func bytes(of id: ChunkID) -> [UInt8] {
        precondition(self[id].references > 0)
        return unsafe [UInt8](
            UnsafeBufferPointer(start: self[id].base, count: Int(self[id].length)))
    }

    /// Adds one reference.
    mutating func retain(_ id: ChunkID) {
        precondition(self[id].references > 0)
        self[id].references += 1
    }

    /// Removes one reference. The last one frees the bytes.
    @inline(__always)
    mutating func release(_ id: ChunkID) {
        precondition(self[id].references > 0)
        self[id].references -= 1
        if self[id].references == 0 { reclaim(id) }
    }

    @inline(never)
    private mutating func reclaim(_ id: ChunkID) {
        bytes -= Int(self[id].length) + Self.overhead
        unsafe Glibc.free(self[id].base)
        unsafe self[id].base = nil
        free.append(id)
    }

    /// An outbound ring refers to the chunk from now on.
    @inline(__always)
    mutating func wait(_ id: ChunkID) {
        precondition(self[id].references > 0)
        self[id].references += 1
        self[id].waiting += 1
        if self[id].waiting == 1 { waitingBytes += Int(self[id].length) + Self.overhead }
    }

    /// An outbound ring is done with the chunk.
    @inline(__always)
    mutating func endWait(_ id: ChunkID) {
        precondition(self[id].waiting > 0)
        self[id].waiting -= 1
        if self[id].waiting == 0 { waitingBytes -= Int(self[id].length) + Self.overhead }
        release(id)
    }

    /// Adds the bytes of a chunk from `offset` on to the pieces of one call.
    @inline(__always)
    func append(_ id: ChunkID, from offset: Int, to gather: inout GatherList) {
        let (length, references) = (Int(self[id].length), self[id].references)
        precondition(references > 0 && offset <= length)
        let rest = unsafe UnsafeRawBufferPointer(
            start: UnsafeRawPointer(self[id].base!) + offset, count: length - offset)
        unsafe gather.append(rest)
    }

    /// The number of chunks with references. When all connections and rooms are gone, these are the
    /// server's own.
    var count: Int { used - free.count }
}
