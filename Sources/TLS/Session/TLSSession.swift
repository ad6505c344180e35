/// One end of a TLS connection, without a socket: ciphertext in, plaintext out, and back.
///
/// A session is given only complete records. It keeps the bytes of an incomplete one itself, so
/// that OpenSSL needs no buffer for them. A server's session of TLS 1.3 keeps only its keys once
/// hands are shaken: OpenSSL's session takes 13 KB. A session may move from one thread to another.
public struct TLSSession: ~Copyable, Sendable {
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

    /// Nil once ``records`` is enough.
    private(set) var handle: TLSHandle?
    private(set) var records: TLSRecords?
    /// What the handle refers to lives as long as it does.
    private var context: (any AnyObject & Sendable)?
    private let isServer: Bool
    /// What was agreed on, once hands are shaken.
    public private(set) var hasAgreedOnHTTP = false
    /// Whether this is an earlier session, resumed.
    public private(set) var isResumed = false
    /// Ciphertext that wasn't handled yet: an incomplete record, or more than a call handles.
    private var held: [UInt8] = []
    /// Plaintext that found no room.
    private var spareBytes = 0
    private var emptyRecords = EmptyRecords()
    public private(set) var state = State.handshaking
    /// Whether more plaintext may come without further ciphertext.
    public private(set) var hasMore = false

    /// A server's end. Nil if there is no memory.
    public init?(_ context: TLSServerContext) {
        handle = TLSHandle(context)
        self.context = context
        isServer = true
        if handle == nil { return nil }
    }

    /// A client's end. Nil if there is no memory, or if `host` can't be a host.
    ///
    /// - Parameters:
    ///   - host: the name or the address that the server's certificate must have.
    ///   - earlier: the state of an earlier session with this server, which may be resumed.
    public init?(
        _ context: TLSClientContext, host: String, resuming earlier: TLSResumption? = nil
    ) {
        handle = TLSHandle(context, host: host, resuming: earlier)
        self.context = context
        isServer = false
        if handle == nil { return nil }
    }

    /// Bytes that the session keeps of what has arrived.
    public var heldBytes: Int { held.count + spareBytes }

    /// Whether the session waits for the rest of a record.
    public var isInsideRecord: Bool { !held.isEmpty && !hasMore }

    // MARK: Receiving

    /// A client's end begins. Its first message is appended to `output`.
    public mutating func begin(output: inout [UInt8]) {
        let nothing: [UInt8] = []
        var used = 0
        advance(nothing.span, &used)
        ThreadOutput.take(into: &output)
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
            if used < ciphertext.count { held = ciphertext.extracting(used...).array }
            count = read
        } else {
            held.append(ciphertext)
            let input = held
            let (used, read) = handle(input.span, into: &plaintext)
            if used > 0 { held = input.span.extracting(used...).array }
            count = read
        }
        ThreadOutput.take(into: &output)
        return count
    }

    /// Handles the complete records at the front of `input`. Returns the number of bytes that are
    /// done with, and of bytes of plaintext.
    private mutating func handle(
        _ input: Span<UInt8>, into plaintext: inout MutableSpan<UInt8>
    ) -> (used: Int, read: Int) {
        hasMore = false
        let whole = Records.whole(in: input, limit: Self.recordsAtOnce)
        var (used, read) = (0, 0)
        if state == .handshaking { advance(input.extracting(first: whole), &used) }
        if records != nil {
            read = records?.takeSpare(into: &plaintext) ?? 0
            readRecords(input.extracting(first: whole), &used, into: &plaintext, at: &read)
        } else {
            readHandle(input.extracting(first: whole), &used, into: &plaintext, at: &read)
        }
        spareBytes = records?.spare.count ?? 0
        switch state {
        case .handshaking: break
        case .established:
            hasMore =
                handle?.isPending == true || spareBytes > 0 || used < whole
                || Records.whole(in: input.extracting(used...), limit: 1) > 0
        case .ended, .failed:
            used = input.count
            hasMore = spareBytes > 0
        }
        return (used, read)
    }

    /// Goes on with the handshake.
    private mutating func advance(_ input: Span<UInt8>, _ used: inout Int) {
        let before = ThreadOutput.count
        switch handle?.shakeHands(input, &used) {
        case .done: shookHands(outputBefore: before)
        case .waits: break
        case .ended, .failed, nil: fail()
        }
    }

    private mutating func shookHands(outputBefore before: Int) {
        state = .established
        hasAgreedOnHTTP = handle?.hasAgreedOnHTTP ?? false
        isResumed = handle?.isResumed ?? false
        guard isServer else { return }
        // A server of TLS 1.3 is done when it has the client's last message. All that it has sent
        // in this step are tickets, with the keys for data.
        records = handle?.takeOver(sent: ThreadOutput.records(from: before))
        guard records != nil else { return }
        handle = nil
        context = nil
    }

    /// Reads by OpenSSL.
    private mutating func readHandle(
        _ input: Span<UInt8>, _ used: inout Int, into plaintext: inout MutableSpan<UInt8>,
        at place: inout Int
    ) {
        while state == .established, place < plaintext.count {
            let before = used
            switch handle?.read(
                input.extracting(used...), &used, into: &plaintext, at: &place)
            {
            case .done: emptyRecords.sawPlaintext()
            case .waits:
                // All records that were given held no plaintext.
                count(input.extracting(before..<used))
                return
            case .ended: state = .ended
            case .failed, nil: fail()
            }
        }
    }

    /// Reads by the keys alone.
    private mutating func readRecords(
        _ input: Span<UInt8>, _ used: inout Int, into plaintext: inout MutableSpan<UInt8>,
        at place: inout Int
    ) {
        while state == .established, place < plaintext.count, used < input.count {
            let rest = input.extracting(used...)
            let record = rest.extracting(first: Records.whole(in: rest, limit: 1))
            used += record.count
            switch records?.read(record, into: &plaintext, at: &place) {
            case .plaintext: emptyRecords.sawPlaintext()
            case .nothing: count(record)
            case .end: state = .ended
            case .broken, nil: state = .failed(TLSFailure("a broken record"))
            }
        }
    }

    private mutating func count(_ emptyRecords: Span<UInt8>) {
        guard !self.emptyRecords.saw(emptyRecords) else { return }
        state = .failed(TLSFailure("too many records without data"))
    }

    private mutating func fail() {
        state = .failed(handle?.failure ?? TLSFailure("no memory"))
    }

    // MARK: Sending

    /// Appends the records for `plaintext` to `output`: one for each 16 KiB. False if the session
    /// can't send, and has failed. It must have been established.
    public mutating func send(_ plaintext: Span<UInt8>, output: inout [UInt8]) -> Bool {
        guard state == .established || state == .ended else { return false }
        defer { ThreadOutput.take(into: &output) }
        var sent = 0
        while sent < plaintext.count {
            let rest = plaintext.extracting(sent...)
            guard let count = records?.write(rest) ?? handle?.write(rest) else {
                fail()
                return false
            }
            sent += count
        }
        return true
    }

    /// Appends the message that nothing more is sent (close_notify). Receiving may go on.
    public mutating func finish(output: inout [UInt8]) {
        guard state == .established || state == .ended else { return }
        records?.finish()
        handle?.finish()
        ThreadOutput.take(into: &output)
    }

    /// Changes our keys, and asks the peer to change its own (RFC 8446 section 4.6.3). False with
    /// TLS 1.2.
    package mutating func updateKeys(output: inout [UInt8]) -> Bool {
        defer { ThreadOutput.take(into: &output) }
        return records?.updateKeys() ?? handle?.updateKeys() ?? false
    }

    /// Tries what no server of ours allows. Only a client of TLS 1.2 can.
    package mutating func renegotiate(output: inout [UInt8]) -> Bool {
        defer { ThreadOutput.take(into: &output) }
        return handle?.renegotiate() ?? false
    }
}
