internal import COpenSSL

/// OpenSSL's end of a connection. What it sends is appended to the thread's output.
///
/// Invariant of the unsafe calls here: `handle` is a session that only this value uses and frees.
/// Each call gets the address of memory that its frame owns, with its true size.
@safe struct TLSHandle: ~Copyable, @unchecked Sendable {
    enum Progress: Equatable {
        case done
        case waits
        case ended
        case failed
    }

    private let handle: OpaquePointer

    /// A server's end. Nil if there is no memory.
    init?(_ context: TLSServerContext) {
        guard let handle = unsafe copenssl_server_session_new(context.handle) else { return nil }
        unsafe self.handle = handle
    }

    /// A client's end. Nil if there is no memory, or if `host` can't be a host.
    init?(_ context: TLSClientContext, host: String, resuming earlier: TLSResumption?) {
        guard
            let handle = unsafe copenssl_client_session_new(
                context.handle, host, earlier?.handle)
        else { return nil }
        unsafe self.handle = handle
    }

    deinit {
        unsafe copenssl_session_free(handle)
    }

    /// Goes on with the handshake. Adds the bytes of `input` that were taken to `used`.
    func shakeHands(_ input: Span<UInt8>, _ used: inout Int) -> Progress {
        var count = input.count
        let result = unsafe input.withUnsafeBufferPointer { bytes in
            unsafe copenssl_session_handshake(handle, bytes.baseAddress, &count)
        }
        used += count
        return Self.progress(Int(result))
    }

    /// Reads from the next records until there is plaintext, and writes it to `plaintext` from
    /// `place` on. Adds the bytes of `input` that were taken to `used`.
    func read(
        _ input: Span<UInt8>, _ used: inout Int, into plaintext: inout MutableSpan<UInt8>,
        at place: inout Int
    ) -> Progress {
        var count = input.count
        var rest = plaintext._mutatingExtracting(place..<plaintext.count)
        let result = unsafe input.withUnsafeBufferPointer { bytes in
            unsafe rest.withUnsafeMutableBufferPointer { free in
                guard let base = free.baseAddress else { return 0 }
                return unsafe copenssl_session_read(
                    handle, bytes.baseAddress, &count, base, free.count)
            }
        }
        used += count
        guard result > 0 else { return Self.progress(result) }
        place += result
        return .done
    }

    private static func progress(_ result: Int) -> Progress {
        switch result {
        case COPENSSL_DONE: .done
        case COPENSSL_WAITS: .waits
        case COPENSSL_ENDED: .ended
        default: .failed
        }
    }

    /// Whether there is plaintext that was decrypted and not read.
    var isPending: Bool { unsafe copenssl_session_pending(handle) > 0 }

    /// Writes one record. Returns the bytes of plaintext in it, or nil if the session has failed.
    func write(_ plaintext: Span<UInt8>) -> Int? {
        let result = unsafe plaintext.withUnsafeBufferPointer { bytes in
            guard let base = bytes.baseAddress else { return 0 }
            return unsafe copenssl_session_write(handle, base, bytes.count)
        }
        return result > 0 ? result : nil
    }

    func finish() { unsafe copenssl_session_finish(handle) }

    func updateKeys() -> Bool { unsafe copenssl_session_update_keys(handle) == 1 }

    func renegotiate() -> Bool { unsafe copenssl_session_renegotiate(handle) == 1 }

    /// Why the last call on this thread failed.
    var failure: TLSFailure { unsafe TLSFailure(of: handle) }

    /// What is needed of a server's session of TLS 1.3 that has just shaken hands.
    ///
    /// - Parameter sent: the records that it has sent since.
    func takeOver(sent: Int) -> TLSRecords? { unsafe TLSRecords(of: handle, sent: sent) }

    var version: String { unsafe String(cString: copenssl_session_version(handle)) }
    var cipher: String { unsafe String(cString: copenssl_session_cipher(handle)) }
    var hasAgreedOnHTTP: Bool { unsafe copenssl_session_has_agreed(handle) == 1 }
    var isResumed: Bool { unsafe copenssl_session_is_resumed(handle) == 1 }

    func met(_ credentials: borrowing ServerCredentials) -> Bool {
        unsafe copenssl_session_met(handle, credentials.handle) == 1
    }

    func resumption() -> TLSResumption? {
        unsafe copenssl_session_resumption(handle).map { unsafe TLSResumption($0) }
    }
}
