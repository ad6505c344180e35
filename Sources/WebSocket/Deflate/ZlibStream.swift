internal import CZlib

/// A compressor or a decompressor of zlib for raw DEFLATE (RFC 1951).
@safe struct ZlibStream: ~Copyable {
    /// Bits of the largest window, with which everything can be decompressed.
    static let maximumWindowBits = 15
    /// Windows that DEFLATE has and RFC 7692 §7.1.2 names, in bits.
    static let windowBits = 8...maximumWindowBits

    /// Invariant: opened in `init`, closed in `deinit` and by nobody else.
    private let handle: OpaquePointer

    /// A decompressor; nil if there is no memory. It needs no more later.
    init?(inflatingWithWindowBits bits: Int) {
        precondition(Self.windowBits.contains(bits))
        guard let handle = unsafe czlib_open_inflate(Int32(bits)) else { return nil }
        unsafe self.handle = handle
    }

    /// A compressor; nil if there is no memory. It needs no more later.
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

    /// Forgets all that has been seen, and an error.
    func reset() {
        unsafe czlib_reset(handle)
    }

    /// Makes a decompressor forget all that has been seen but these bytes: what follows may refer
    /// to them.
    func reset(behind bytes: Span<UInt8>) {
        reset()
        // Invariant: the C function reads `count` bytes from `baseAddress` on, and keeps a copy.
        unsafe bytes.withUnsafeBufferPointer {
            unsafe czlib_begin_behind(handle, $0.baseAddress, $0.count)
        }
    }

    /// Appends what comes of `input`, at most `room` bytes.
    func run(
        _ input: Span<UInt8>, room: Int, into output: inout [UInt8]
    ) -> czlib_progress {
        precondition(room > 0)
        var progress = czlib_progress(consumed: 0, produced: 0, place: .corrupt)
        output.append(addingCapacity: room) { appended in
            // Invariant: the C function reads as many bytes as `source` has and writes at most as
            // many as `target` has from `count` on; it runs while both pointers are valid, and
            // keeps neither beyond the call that sets them anew.
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
