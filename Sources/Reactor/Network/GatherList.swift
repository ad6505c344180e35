internal import CLinux
internal import Glibc

/// The pieces of one `sendmsg`: pointers to bytes that stay where they are. It is filled and sent
/// within one call of the flush, and emptied before the next.
///
/// Invariant: every piece points to bytes that stay in place and unchanged until ``removeAll()``.
/// The code that appends a piece holds a reference to its memory for that long.
@safe public struct GatherList: ~Copyable {
    /// The largest number of pieces in one call. It is well below `IOV_MAX` (1024), above which
    /// `sendmsg` fails.
    public static let capacity = 64

    private let vectors: UnsafeMutablePointer<iovec>
    public private(set) var count = 0
    public private(set) var byteCount = 0

    public init() {
        unsafe vectors = .allocate(capacity: Self.capacity)
    }

    deinit {
        unsafe vectors.deallocate()
    }

    public var isFull: Bool { count == Self.capacity }

    public mutating func removeAll() {
        count = 0
        byteCount = 0
    }

    /// Adds a piece. There must be room for it.
    public mutating func append(_ piece: UnsafeRawBufferPointer) {
        precondition(count < Self.capacity)
        unsafe vectors[count] = unsafe iovec(
            iov_base: UnsafeMutableRawPointer(mutating: piece.baseAddress), iov_len: piece.count)
        count += 1
        byteCount += piece.count
    }

    /// The pieces in the form that the kernel takes.
    func withVectors<Result>(
        _ body: (UnsafeMutablePointer<iovec>, Int) -> Result
    ) -> Result {
        unsafe body(vectors, count)
    }

    /// Copies bytes of the pieces, from the one at `offset` on, to the front of `buffer`, as many
    /// as fit. Returns their number.
    public func copy(from offset: Int, into buffer: inout MutableSpan<UInt8>) -> Int {
        var (skipped, copied) = (offset, 0)
        unsafe buffer.withUnsafeMutableBytes { target in
            for index in 0..<count where copied < target.count {
                let piece = unsafe UnsafeRawBufferPointer(
                    start: vectors[index].iov_base, count: vectors[index].iov_len)
                guard skipped < piece.count else {
                    skipped -= piece.count
                    continue
                }
                let size = min(piece.count - skipped, target.count - copied)
                unsafe UnsafeMutableRawBufferPointer(rebasing: target[copied...])
                    .copyMemory(
                        from: UnsafeRawBufferPointer(
                            rebasing: piece[skipped..<skipped + size]))
                copied += size
                skipped = 0
            }
        }
        return copied
    }

    /// The bytes of all pieces, at most `limit`, for a network that doesn't use the kernel.
    public func bytes(limit: Int = .max) -> [UInt8] {
        var bytes: [UInt8] = []
        for index in 0..<count where bytes.count < limit {
            let piece = unsafe UnsafeRawBufferPointer(
                start: vectors[index].iov_base, count: vectors[index].iov_len)
            unsafe bytes.append(contentsOf: piece.prefix(limit - bytes.count))
        }
        return bytes
    }
}

extension Network where Self: ~Copyable {
    /// Offers bytes to the kernel in one call. There must be some.
    ///
    /// Invariant: the one piece of the list points into `bytes`, which stays in place and unchanged
    /// during the closure. The list no longer exists when it returns.
    public mutating func send(_ bytes: Span<UInt8>, to socket: Socket) -> SendOutcome {
        unsafe bytes.withUnsafeBytes { piece in
            var gather = GatherList()
            unsafe gather.append(piece)
            return send(gather, to: socket)
        }
    }

    /// The same with a list that the caller keeps, so that none has to be made. It is emptied.
    ///
    /// Invariant: as above. The list no longer has the piece when the closure returns.
    @inlinable
    public mutating func send(
        _ bytes: Span<UInt8>, through gather: inout GatherList, to socket: Socket
    ) -> SendOutcome {
        unsafe bytes.withUnsafeBytes { piece in
            gather.removeAll()
            unsafe gather.append(piece)
            defer { gather.removeAll() }
            return send(gather, to: socket)
        }
    }
}
