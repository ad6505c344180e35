internal import CCurl

/// A request to another server, over `https`, and over `http` only if that is allowed. No
/// redirection is followed, and no proxy, cookie or password from elsewhere is used.
///
/// Invariant of the unsafe calls here: texts and bytes are lent to libcurl for the duration of one
/// call, which keeps none of them; the content of the answer is copied and then freed once.
public struct OutgoingRequest: Sendable {
    public var url: String
    /// GET if it is nil.
    public var method: String?
    /// Lines such as `content-type: application/json`.
    public var fields: [String] = []
    public var content: [UInt8]?
    /// The longest content of the answer, in bytes.
    public var limit = 256 << 10
    /// For all of it, from the look-up of the name to the end of the answer.
    public var milliseconds = 5_000
    /// Whether the server may have an address that isn't public. The address is looked at that the
    /// connection goes to, so no answer of a name server gets around it.
    public var allowsPrivateAddresses = false
    /// Whether it may go over `http`, which anybody on its way can read.
    public var allowsPlain = false
    /// File with the certificates of authorities. Nil for those of the system.
    public var authorities: String?

    public init(_ url: String) {
        self.url = url
    }

    /// Sends it, and waits for the answer. Call it on a thread that has nothing else to do.
    ///
    /// - Parameter session: keeps the connection for later requests. It must be the calling
    ///   thread's alone, and all its requests must allow the same addresses.
    public func answer(
        over session: OutgoingSession? = nil
    ) throws(OutgoingProblem) -> OutgoingAnswer {
        var answer = unsafe lent { request in
            var request = unsafe request
            unsafe request.session = session?.session
            return unsafe ccurl_perform(&request)
        }
        defer { unsafe ccurl_free(&answer) }
        switch unsafe answer.outcome {
        case .answered: break
        case .private_address: throw .privateAddress
        case .too_large: throw .tooLarge(limit: limit)
        case .timed_out: throw .timedOut(milliseconds: milliseconds)
        case .failed: throw unsafe .failed(String(cString: answer.reason))
        }
        let bytes = unsafe UnsafeBufferPointer(start: answer.content, count: answer.length)
        return unsafe OutgoingAnswer(status: answer.status, content: Array(bytes))
    }

    /// Whether an address, 4 or 16 bytes, is a public one.
    static func isPublic(_ address: [UInt8]) -> Bool {
        unsafe address.withUnsafeBufferPointer { bytes in
            unsafe ccurl_is_public(bytes.baseAddress, bytes.count)
        }
    }

    /// The request as libcurl gets it, for the duration of `body`.
    private func lent(_ body: (ccurl_request) -> ccurl_answer) -> ccurl_answer {
        unsafe Self.lent([url, method ?? "", authorities ?? ""] + fields) { texts in
            unsafe (content ?? []).withUnsafeBufferPointer { bytes in
                unsafe texts.dropFirst(3).withUnsafeBufferPointer { fields in
                    unsafe body(
                        ccurl_request(
                            url: texts[0], method: method == nil ? nil : texts[1],
                            fields: fields.baseAddress, field_count: fields.count,
                            content: content == nil ? nil : bytes.baseAddress,
                            content_length: bytes.count, limit: limit, milliseconds: milliseconds,
                            allows_private: allowsPrivateAddresses,
                            allows_plain: allowsPlain,
                            authorities: authorities == nil ? nil : texts[2], session: nil))
                }
            }
        }
    }

    /// The texts as C strings, for the duration of `body`.
    private static func lent<Result>(
        _ texts: [String], _ body: (ContiguousArray<UnsafePointer<CChar>?>) -> Result
    ) -> Result {
        let copies = unsafe texts.map { text in
            let bytes = text.utf8CString
            let copy = UnsafeMutableBufferPointer<CChar>.allocate(capacity: bytes.count)
            _ = unsafe copy.initialize(fromContentsOf: bytes)
            return unsafe copy
        }
        defer { for place in unsafe copies.indices { unsafe copies[place].deallocate() } }
        return unsafe body(ContiguousArray(copies.map { unsafe UnsafePointer($0.baseAddress) }))
    }
}
