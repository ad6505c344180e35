internal import COpenSSL

/// One end of a TLS connection, without a socket: ciphertext in, plaintext out, and back.
///
/// A session is given only complete records. It keeps the bytes of an incomplete one itself, so
/// that OpenSSL needs no buffer for them. It may move from one thread to another.
///
/// Invariant of the unsafe calls here: `handle` is a session that only this value uses and frees.
/// Each call gets the address of memory that its frame owns, with its true size. The thread's
/// output is copied before the next call.
@safe public struct TLSSession: ~Copyable, @unchecked Sendable {
    public enum State: Equatable, Sendable {
        case handshaking
        case established
        /// The peer has said that it sends nothing more (close_notify).
        case ended
        /// Nothing more can be received or sent.
        case failed(TLSFailure)
    }

    /// Records that one call of ``receive(_:into:output:)`` handles, so that a peer that sends many
    /// small ones takes no more than its share.
    public static let recordsAtOnce = 64
    /// Records without plaintext in a row, after which the session fails. Nobody needs many.
    private static let emptyRecords = 64

    private let handle: OpaquePointer
    /// What the handle refers to lives as long as the session.
    private let context: AnyObject
    /// Ciphertext that wasn't handled yet: an incomplete record, or more than a call handles.
    private var held: [UInt8] = []
    private var emptyRecordsLeft = Self.emptyRecords
    public private(set) var state = State.handshaking
    /// Whether more plaintext may come without further ciphertext.
    public private(set) var hasMore = false

    /// A server's end. Nil if there is no memory.
    public init?(_ context: TLSServerContext) {
        guard let handle = unsafe copenssl_server_session_new(context.handle) else { return nil }
        unsafe self.handle = handle
        self.context = context
    }

    /// A client's end. Nil if there is no memory, or if `host` can't be a host.
    ///
    /// - Parameters:
    ///   - host: the name or the address that the server's certificate must have.
    ///   - earlier: the state of an earlier session with this server, which may be resumed.
    public init?(
        _ context: TLSClientContext, host: String, resuming earlier: TLSResumption? = nil
    ) {
        guard
            let handle = unsafe copenssl_client_session_new(
                context.handle, host, earlier?.handle)
        else { return nil }
        unsafe self.handle = handle
        self.context = context
    }

    deinit {
        unsafe copenssl_session_free(handle)
    }

    /// Bytes of ciphertext that the session keeps.
    public var heldBytes: Int { held.count }

    /// Whether the session waits for the rest of a record.
    public var isInsideRecord: Bool { !held.isEmpty && !hasMore }

    // MARK: Receiving

    /// A client's end begins. Its first message is appended to `output`.
    public mutating func begin(output: inout [UInt8]) {
        let nothing: [UInt8] = []
        var used = 0
        advance(nothing.span, &used)
        takeOutput(into: &output)
    }

    /// Takes ciphertext that has arrived. Writes plaintext to the front of `plaintext`, and returns
    /// the number of bytes. What must be sent is appended to `output`, also if the session fails
    /// (``state``). If ``hasMore`` is true afterwards, call it again, with or without ciphertext.
    public mutating func receive(
        _ ciphertext: Span<UInt8>, into plaintext: inout MutableSpan<UInt8>,
        output: inout [UInt8]
    ) -> Int {
        var count = 0
        if held.isEmpty {
            let (used, read) = handle(ciphertext, into: &plaintext)
            if used < ciphertext.count { held = copy(ciphertext.extracting(used...)) }
            count = read
        } else {
            reserve(ciphertext.count)
            unsafe ciphertext.withUnsafeBytes { unsafe held.append(contentsOf: $0) }
            let input = held
            let (used, read) = handle(input.span, into: &plaintext)
            if used > 0 { held = copy(input.span.extracting(used...)) }
            count = read
        }
        takeOutput(into: &output)
        return count
    }

    /// Makes room for what arrives: the whole record, if its length is known.
    private mutating func reserve(_ count: Int) {
        if held.capacity < held.count + count {
            held.reserveCapacity(held.count + max(count, held.count))
        }
    }

    private func copy(_ bytes: Span<UInt8>) -> [UInt8] {
        unsafe bytes.withUnsafeBytes { unsafe Array($0) }
    }

    /// Handles the complete records at the front of `input`. Returns the number of bytes that are
    /// done with, and of bytes of plaintext.
    private mutating func handle(
        _ input: Span<UInt8>, into plaintext: inout MutableSpan<UInt8>
    ) -> (used: Int, read: Int) {
        hasMore = false
        let whole = Records.whole(in: input, limit: Self.recordsAtOnce)
        var used = 0
        var read = 0
        if state == .handshaking { advance(input.extracting(first: whole), &used) }
        while state == .established, read < plaintext.count {
            let count = self.read(
                input.extracting(used..<whole), &used, into: &plaintext, from: read)
            guard count > 0 else { break }
            read += count
            emptyRecordsLeft = Self.emptyRecords
        }
        switch state {
        case .handshaking: break
        case .established:
            hasMore =
                unsafe copenssl_session_pending(handle) > 0 || used < whole
                || Records.whole(in: input.extracting(used...), limit: 1) > 0
        case .ended, .failed: used = input.count
        }
        return (used, read)
    }

    /// Goes on with the handshake.
    private mutating func advance(_ input: Span<UInt8>, _ used: inout Int) {
        var count = input.count
        let result = unsafe input.withUnsafeBufferPointer { bytes in
            unsafe copenssl_session_handshake(handle, bytes.baseAddress, &count)
        }
        used += count
        switch Int(result) {
        case COPENSSL_DONE: state = .established
        case COPENSSL_WAITS: break
        default: fail()
        }
    }

    /// Reads from the next records until there is plaintext.
    private mutating func read(
        _ input: Span<UInt8>, _ used: inout Int, into plaintext: inout MutableSpan<UInt8>,
        from start: Int
    ) -> Int {
        var count = input.count
        var rest = plaintext._mutatingExtracting(start..<plaintext.count)
        let result = unsafe input.withUnsafeBufferPointer { bytes in
            unsafe rest.withUnsafeMutableBufferPointer { free in
                guard let base = free.baseAddress else { return 0 }
                return unsafe copenssl_session_read(
                    handle, bytes.baseAddress, &count, base, free.count)
            }
        }
        used += count
        switch result {
        case 1...: return result
        case COPENSSL_WAITS:
            // All records that were given held no plaintext.
            if count > 0 { countEmptyRecords(input.extracting(first: count)) }
        case COPENSSL_ENDED: state = .ended
        default: fail()
        }
        return 0
    }

    private mutating func countEmptyRecords(_ records: Span<UInt8>) {
        var rest = records
        while rest.count > 0, emptyRecordsLeft >= 0 {
            rest = rest.extracting(Records.whole(in: rest, limit: 1)...)
            emptyRecordsLeft -= 1
        }
        if emptyRecordsLeft < 0 {
            state = .failed(TLSFailure("too many records without data"))
        }
    }

    private mutating func fail() {
        state = .failed(unsafe TLSFailure(of: handle))
    }

    // MARK: Sending

    /// Appends the records for `plaintext` to `output`: one for each 16 KiB. False if the session
    /// can't send, and has failed. It must have been established.
    public mutating func send(_ plaintext: Span<UInt8>, output: inout [UInt8]) -> Bool {
        guard state == .established || state == .ended else { return false }
        var sent = 0
        while sent < plaintext.count {
            let result = unsafe plaintext.extracting(sent...).withUnsafeBufferPointer { bytes in
                guard let base = bytes.baseAddress else { return 0 }
                return unsafe copenssl_session_write(handle, base, bytes.count)
            }
            guard result > 0 else {
                fail()
                takeOutput(into: &output)
                return false
            }
            sent += result
        }
        takeOutput(into: &output)
        return true
    }

    /// Appends the message that nothing more is sent (close_notify). Receiving may go on.
    public mutating func finish(output: inout [UInt8]) {
        guard state == .established || state == .ended else { return }
        unsafe copenssl_session_finish(handle)
        takeOutput(into: &output)
    }

    /// Changes our keys, and asks the peer to change its own (RFC 8446 section 4.6.3). False with
    /// TLS 1.2.
    package mutating func updateKeys(output: inout [UInt8]) -> Bool {
        defer { takeOutput(into: &output) }
        return unsafe copenssl_session_update_keys(handle) == 1
    }

    /// Tries what no server of ours allows. Only a client of TLS 1.2 can.
    package mutating func renegotiate(output: inout [UInt8]) -> Bool {
        defer { takeOutput(into: &output) }
        return unsafe copenssl_session_renegotiate(handle) == 1
    }

    private func takeOutput(into output: inout [UInt8]) {
        var count = 0
        guard let bytes = unsafe copenssl_output(&count), count > 0 else { return }
        unsafe output.append(contentsOf: UnsafeBufferPointer(start: bytes, count: count))
        copenssl_output_clear()
    }

    // MARK: What was agreed on

    /// `TLSv1.3` or `TLSv1.2`.
    public var version: String { unsafe String(cString: copenssl_session_version(handle)) }
    /// OpenSSL's name of the cipher suite.
    public var cipher: String { unsafe String(cString: copenssl_session_cipher(handle)) }
    /// Whether the peer agreed to speak `http/1.1` by ALPN.
    public var hasAgreedOnHTTP: Bool { unsafe copenssl_session_has_agreed(handle) == 1 }
    /// Whether this is an earlier session, resumed.
    public var isResumed: Bool { unsafe copenssl_session_is_resumed(handle) == 1 }

    /// Whether the peer has the certificate of `credentials`.
    public func met(_ credentials: borrowing ServerCredentials) -> Bool {
        unsafe copenssl_session_met(handle, credentials.handle) == 1
    }

    /// The state of a client's session, for a later one with the same server. Nil if the server has
    /// given none so far.
    public func resumption() -> TLSResumption? {
        unsafe copenssl_session_resumption(handle).map { unsafe TLSResumption($0) }
    }
}
