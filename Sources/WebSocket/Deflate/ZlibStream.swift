internal import CZlib

/// A zlib compressor or decompressor for raw DEFLATE (RFC 1951).
@safe struct ZlibStream: ~Copyable {
    /// Bits of the largest window. With it, everything can be decompressed.
    static let maximumWindowBits = 15
    /// The sizes of DEFLATE's windows in bits (RFC 7692 §7.1.2).
    static let windowBits = 8...maximumWindowBits

    /// Invariant: it is opened in `init`, and closed only in `deinit`.
    private let handle: OpaquePointer

    /// Makes a decompressor. Nil if there is no memory. It allocates nothing later.
    init?(inflatingWithWindowBits bits: Int) {
        precondition(Self.windowBits.contains(bits))
        guard let handle = unsafe czlib_open_inflate(Int32(bits)) else { return nil }
        unsafe self.handle = handle
    }

    /// Makes a compressor. Nil if there is no memory. It allocates nothing later.
    init?(deflatingWithWindowBits bits: Int, level: Int, memoryLevel: Int) {
        precondition(Self.windowBits.contains(bits))
        precondition((0...9).contains(level) && (1...9).contains(memoryLevel))
        let opened = unsafe czlib_open_deflate(Int32(bits), Int32(level), Int32(memoryLevel))
        guard let opened = unsafe opened else { return nil }
        unsafe handle = opened
    }

    deinit {
        unsafe czlib_close(handle)
    }

    /// Forgets all earlier data, and an error.
    func reset() {
        unsafe czlib_reset(handle)
    }

    /// Makes a decompressor forget all earlier data except these bytes, which later data may refer
    /// to.
    func reset(behind bytes: Span<UInt8>) {
        reset()
        // Invariant: the C function reads `count` bytes from `baseAddress`, and keeps a copy.
        unsafe bytes.withUnsafeBufferPointer {
            unsafe czlib_begin_behind(handle, $0.baseAddress, $0.count)
        }
    }

    /// Appends the output for `input`, at most `room` bytes.
    func run(
        _ input: Span<UInt8>, room: Int, into output: inout [UInt8]
    ) -> czlib_progress {
        precondition(room > 0)
        var progress = czlib_progress(consumed: 0, produced: 0, place: .corrupt)
        output.append(addingCapacity: room) { appended in
            // Invariant: the C function reads at most the bytes of `source`, and writes at most the
            // bytes of `target` from `count` on. It runs while both pointers are valid, and
            // replaces both at the start of each call.
            unsafe appended.withUnsafeMutableBufferPointer { target, count in
                unsafe input.withUnsafeBufferPointer { source in
                    guard let start = target.baseAddress else { return }
                    progress = unsafe czlib_run(
                        handle, source.baseAddress, source.count, start + count,
                        min(room, target.count - count))
                    count += progress.produced
                }
            }
        }
        return progress
    }
}
