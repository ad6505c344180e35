internal import COpenSSL

/// The records of a server's session of TLS 1.3 whose handshake is done. It is what remains of the
/// session: the keys, some 2.5 KB instead of OpenSSL's 13.
///
/// Invariant of the unsafe calls here: `handle` is what only this value uses and frees. Each call
/// gets the address of memory that its frame owns, with its true size. The plaintext of a record is
/// copied before the next call.
@safe struct TLSRecords: ~Copyable, @unchecked Sendable {
    enum Content: Equatable {
        case plaintext
        /// It held none.
        case nothing
        case end
        case broken
    }

    private let handle: OpaquePointer
    /// Plaintext that found no room.
    private(set) var spare: [UInt8] = []

    /// Nil if the session doesn't have TLS 1.3, or if there is no memory.
    ///
    /// - Parameter sent: the records that it has sent with its keys.
    init?(of session: OpaquePointer, sent: Int) {
        guard let handle = unsafe copenssl_session_take_over(session, UInt64(sent)) else {
            return nil
        }
        unsafe self.handle = handle
    }

    deinit {
        unsafe copenssl_records_free(handle)
    }

    var cipher: String { unsafe String(cString: copenssl_records_cipher(handle)) }

    /// Takes one whole record, and moves its plaintext to `plaintext` from `place` on. What finds
    /// no room is kept.
    mutating func read(
        _ record: Span<UInt8>, into plaintext: inout MutableSpan<UInt8>, at place: inout Int
    ) -> Content {
        var bytes: UnsafePointer<UInt8>?
        var count = 0
        let result = unsafe record.withUnsafeBufferPointer { record in
            guard let base = record.baseAddress else { return Int32(COPENSSL_FAILED) }
            return unsafe copenssl_records_read(handle, base, record.count, &bytes, &count)
        }
        switch Int(result) {
        case COPENSSL_DONE: break
        case COPENSSL_WAITS: return .nothing
        case COPENSSL_ENDED: return .end
        default: return .broken
        }
        let text = unsafe UnsafeBufferPointer(start: bytes, count: count)
        let fits = min(count, plaintext.count - place)
        var room = plaintext._mutatingExtracting(place..<place + fits)
        unsafe room.withUnsafeMutableBufferPointer { room in
            _ = unsafe room.update(fromContentsOf: text[..<fits])
        }
        place += fits
        if fits < count { spare = unsafe Array(text[fits...]) }
        return .plaintext
    }

    /// Moves plaintext that was kept to the front of `plaintext`. Returns its size.
    mutating func takeSpare(into plaintext: inout MutableSpan<UInt8>) -> Int {
        let count = min(spare.count, plaintext.count)
        for index in 0..<count { plaintext[index] = spare[index] }
        spare = count == spare.count ? [] : Array(spare[count...])
        return count
    }

    /// Writes one record to the thread's output. Returns the bytes of plaintext in it, or nil if
    /// there is no memory.
    func write(_ plaintext: Span<UInt8>) -> Int? {
        let result = unsafe plaintext.withUnsafeBufferPointer { bytes in
            guard let base = bytes.baseAddress else { return 0 }
            return unsafe copenssl_records_write(handle, base, bytes.count)
        }
        return result > 0 ? result : nil
    }

    func finish() { unsafe copenssl_records_finish(handle) }

    func updateKeys() -> Bool { unsafe copenssl_records_update_keys(handle) == 1 }
}
