internal import COpenSSL

/// What sessions have written on the calling thread.
///
/// Invariant of the unsafe calls here: the output stays where it is until the next call of a
/// session on this thread, and is copied or read before that.
enum ThreadOutput {
    /// The number of bytes.
    static var count: Int {
        var count = 0
        _ = unsafe copenssl_output(&count)
        return count
    }

    /// The number of records from byte `start` on.
    static func records(from start: Int) -> Int {
        var count = 0
        guard let bytes = unsafe copenssl_output(&count), count > start else { return 0 }
        let output = unsafe UnsafeBufferPointer(start: bytes + start, count: count - start)
        var rest = unsafe output.span
        var records = 0
        while case let size = Records.whole(in: rest, limit: 1), size > 0 {
            rest = rest.extracting(size...)
            records += 1
        }
        return records
    }

    /// Moves it to the end of `output`.
    static func take(into output: inout [UInt8]) {
        var count = 0
        guard let bytes = unsafe copenssl_output(&count), count > 0 else { return }
        unsafe output.append(contentsOf: UnsafeBufferPointer(start: bytes, count: count))
        copenssl_output_clear()
    }
}
